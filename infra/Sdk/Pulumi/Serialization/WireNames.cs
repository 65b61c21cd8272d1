namespace Pulumi.Serialization;

/// <summary>Names of properties with a meaning of their own.</summary>
internal static class WireNames
{
    public const string Id = "id";
    public const string Urn = "urn";
    public const string PackageVersion = "packageVersion";

    public const string Value = "value";
    public const string Secret = "secret";
    public const string Dependencies = "dependencies";

    public const string Path = "path";
    public const string Text = "text";
    public const string Uri = "uri";
    public const string Assets = "assets";
}
