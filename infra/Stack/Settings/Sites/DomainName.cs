namespace HaCluster.Stack.Settings.Sites;

/// <summary>Names in public DNS.</summary>
public static class DomainName
{
    // Set aside for documentation and tests: https://www.rfc-editor.org/rfc/rfc2606 and https://www.rfc-editor.org/rfc/rfc6761.
    private static readonly string[] ReservedDomains = ["example.com", "example.net", "example.org", "example", "invalid", "localhost", "test", "local"];

    /// <summary>Whether it is under a reserved name.</summary>
    public static bool IsReserved(string name) => ReservedDomains.Any(reserved => IsUnder(name, reserved));

    /// <summary>Whether it is <paramref name="parent"/> or below it.</summary>
    public static bool IsUnder(string name, string parent) =>
        name == parent || name.EndsWith($".{parent}", StringComparison.Ordinal);
}
