using System.Text.RegularExpressions;

namespace HaCluster.Cli.Terminal;

/// <summary>Words of commands that people copy.</summary>
internal static partial class ShellWord
{
    /// <summary>The word in shell syntax: quoted where needed.</summary>
    public static string Of(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_./:@=+,%-]+\z")]
    private static partial Regex Plain();
}
