using System.Text.RegularExpressions;
using HaCluster.Engine;

namespace HaCluster.Cli.Running;

/// <summary>What the engine found wrong in a run, a line each, with the resource that it is about.</summary>
internal static partial class ProgramProblems
{
    /// <summary>One wrong setting can fail several invokes with the same message.</summary>
    public static List<string> Of(DeploymentResult result) =>
        [.. result.Diagnostics.SelectMany(Lines).DistinctBy(line => InvokeToken().Replace(line, ""))];

    private static IEnumerable<string> Lines(Diagnostic diagnostic)
    {
        var where = diagnostic.Urn is { } urn ? Subject(urn) + (diagnostic.Property is { } property ? $", {property}: " : ": ") : "";
        return diagnostic.Message.Trim().Split('\n').Select((line, index) => index == 0 ? where + line.TrimEnd() : line.TrimEnd());
    }

    /// <summary>A URN in short form: <c>Subnet network-private-a</c>. The stack itself needs no mention.</summary>
    private static string Subject(string urn)
    {
        var parts = urn.Split("::");
        var type = parts.Length < 4 ? "" : parts[2][(parts[2].LastIndexOf(':') + 1)..];
        return parts.Length < 4 ? urn : $"{type} {parts[^1]}";
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]*:[A-Za-z0-9./]+:[A-Za-z0-9]+: ")]
    private static partial Regex InvokeToken();
}
