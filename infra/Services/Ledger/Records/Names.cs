using System.Text.RegularExpressions;

namespace HaCluster.Ledger.Records;

/// <summary>What streams, producers and ids may be called.</summary>
internal static partial class Names
{
    public const int LongestId = 200;

    public const string StreamRule = "1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit";

    /// <summary>A stream is a folder of the archive.</summary>
    public static bool IsStream(string? name) => name is not null && StreamShape().IsMatch(name);

    public static bool IsProducer(string? name) => IsStream(name);

    public static bool IsId(string? id) => id is { Length: > 0 and <= LongestId } && !id.Any(char.IsControl);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex StreamShape();
}
