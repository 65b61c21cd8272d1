using System.CommandLine;
using System.Text.RegularExpressions;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Commands;

/// <summary><c>--namespace</c>, as in <c>kubectl apply -n</c>.</summary>
internal static partial class NamespaceOption
{
    public static Option<string?> Create() => new("--namespace", "-n")
    {
        Description = "The namespace of objects without a namespace, as in kubectl apply -n. [default: default]",
        HelpName = "NAME",
    };

    /// <exception cref="UnreadableInputException">The value is not a valid namespace name.</exception>
    public static string? Read(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } name ? null
        : Label().IsMatch(name) ? name
        : throw new UnreadableInputException($"--namespace {name} is not a valid namespace name; use up to 63 lower-case letters, digits and dashes");

    // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();
}
