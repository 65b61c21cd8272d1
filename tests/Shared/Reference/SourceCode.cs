using System.Text.RegularExpressions;

namespace HaCluster.Tests.Shared.Reference;

/// <summary>A code of a refusal in the source.</summary>
/// <param name="Kind">What refuses: the exception, the verdict or the method that writes the problem.</param>
/// <param name="Statuses">Of HTTP that it is answered with, where it is written beside it.</param>
internal sealed record RefusalCode(string Code, string Kind, IReadOnlyList<string> Statuses)
{
    /// <summary>A line for each code with all of its statuses, "-" for none, in order.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<RefusalCode> codes) =>
    [
        .. codes.GroupBy(code => code.Code)
            .Select(code => $"{code.Key}: {(code.SelectMany(one => one.Statuses).Distinct().Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } statuses ? string.Join(", ", statuses) : "-")}")
            .Order(StringComparer.Ordinal),
    ];
}

/// <summary>
/// What a service can say of itself, found in its source: codes of refusals and names of events are literals there. A call of another shape fails the test, so that none is overlooked.
/// </summary>
internal sealed partial class SourceCode
{
    /// <summary>The kind of those that are pairs of code and detail.</summary>
    public const string Pairs = "(string Code, string Detail)";

    private readonly IReadOnlyList<(string File, string Text)> _files;

    /// <param name="folders">From the root of the checkout.</param>
    public SourceCode(params string[] folders) => _files =
    [
        .. folders.SelectMany(folder => Directory.EnumerateFiles(ReferencePage.FullPathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file))),
    ];

    /// <param name="usual">The status of a kind that names none.</param>
    public IReadOnlyList<RefusalCode> Refusals(IReadOnlyDictionary<string, string> usual) =>
    [
        .. _files.SelectMany(file => RefusalsIn(file.File, file.Text, usual)).GroupBy(one => (one.Code, one.Kind))
            .Select(code => new RefusalCode(code.Key.Code, code.Key.Kind, [.. code.Select(one => one.Status).OfType<string>().Distinct().Order(StringComparer.Ordinal)])),
    ];

    /// <summary>Names of the metrics, wherever they are made.</summary>
    public IReadOnlyList<string> Metrics() => [.. _files.SelectMany(file => Metric.Matches(file.Text)).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal)];

    /// <summary>Names of the events of the log. What a name takes from elsewhere is in capitals: transfer-STATE.</summary>
    public IReadOnlyList<string> Events() => [.. _files.SelectMany(file => Event.Matches(file.Text)).SelectMany(match => Names(match.Groups["name"].Value)).Distinct().Order(StringComparer.Ordinal)];

    private IEnumerable<(string Code, string Kind, string? Status)> RefusalsIn(string file, string text, IReadOnlyDictionary<string, string> usual)
    {
        var sites = Site.Matches(text);
        for (var index = 0; index < sites.Count; index++)
        {
            var site = sites[index];
            var kind = site.Groups["kind"].Success ? site.Groups["kind"].Value : site.Groups["made"].Value;
            var end = Math.Min(index + 1 < sites.Count ? sites[index + 1].Index : text.Length, text.IndexOf(";\n", site.Index, StringComparison.Ordinal) is var semicolon and >= 0 ? semicolon : text.Length);
            var arguments = text[(site.Index + site.Length)..end];
            var first = First.Match(arguments);
            Assert.True(first.Success, $"{file}: {kind}({arguments}: no code is found in it");
            var status = Status.Match(arguments) is { Success: true } found ? found.Groups["status"].Value : usual.GetValueOrDefault(kind);
            if (first.Groups["literal"].Success)
                yield return (first.Groups["literal"].Value, kind, status);
            else if (ConstantOf(first.Groups["name"].Value) is { } constant)
                yield return (constant, kind, status);
            else
                Assert.True(IsPassedOn(first.Groups["name"].Value), $"{file}: {kind}({arguments}: is neither a code nor one that is passed on");
        }

        // A pair of code and detail that becomes a refusal elsewhere, and a code that is chosen before.
        foreach (var match in Pair.Matches(text).Where(_ => text.Contains(Pairs, StringComparison.Ordinal)).Concat(Chosen.Matches(text)).Concat(Counted.Matches(text)))
        {
            foreach (var code in match.Groups["code"].Captures.Select(capture => capture.Value))
                yield return (code, "", match.Groups["status"] is { Success: true } status ? status.Value : usual.GetValueOrDefault(match.Groups["pair"].Success ? Pairs : ""));
        }
    }

    private static bool IsPassedOn(string name) => name is "code" or "int" or "string" || name.EndsWith(".Code", StringComparison.Ordinal) || name.EndsWith("Type?.Split", StringComparison.Ordinal);

    private string? ConstantOf(string name) => _files.SelectMany(file => Constant.Matches(file.Text)).Where(match => match.Groups["name"].Value == name.Split('.')[^1]).Select(match => match.Groups["value"].Value).FirstOrDefault();

    private static IEnumerable<string> Names(string template)
    {
        if (Choice.Match(template) is { Success: true } choice)
            return new[] { choice.Groups["one"].Value, choice.Groups["other"].Value }.SelectMany(chosen => Names(template.Replace(choice.Value, chosen, StringComparison.Ordinal)));
        return [Placeholder.Replace(template, match => match.Groups["name"].Value.ToUpperInvariant())];
    }

    [GeneratedRegex(@"(?:new (?<kind>RefusedException|SigningRefusedException|RejectedException|Verdict\.Refused)|(?<kind>Problems\.WriteAsync|WriteFaultAsync)|static (?<made>RefusedException|RejectedException) \w+\([^)]*\) => new)\(")]
    private static partial Regex Site { get; }

    [GeneratedRegex("""\A\s*(?:(?:exchange\.Context|context),\s*)?(?:(?:StatusCodes\.Status\w+|exception\.Status(?:Code)?|status),\s*)?(?:"(?<literal>[a-z][a-z0-9-]*)"|(?<name>[\w.?]+))""")]
    private static partial Regex First { get; }

    [GeneratedRegex(@"StatusCodes\.Status(?<status>\d+)")]
    private static partial Regex Status { get; }

    [GeneratedRegex("""const string (?<name>\w+) = "(?<value>[a-z]+(?:-[a-z]+)+)";""")]
    private static partial Regex Constant { get; }

    [GeneratedRegex("""(?<pair>return|[?:]) \("(?<code>[a-z]+(?:-[a-z]+)+)", """)]
    private static partial Regex Pair { get; }

    [GeneratedRegex("""(?:StatusCodes\.Status(?<status>\d+)\w*, \w+\?\.Code|Split\(':'\)\[\^1\]) \?\? "(?<code>[a-z-]+)"|var code = \w+ \? "(?<code>[a-z-]+)" : "(?<code>[a-z-]+)";""")]
    private static partial Regex Chosen { get; }

    [GeneratedRegex("""metrics\.Rejected\("(?<code>[a-z-]+)",""")]
    private static partial Regex Counted { get; }

    [GeneratedRegex("""(?:[lL]og\.Write|\.Event)\(\$?"(?<name>(?:[a-z-]|\{[^{}]+\})+)",""")]
    private static partial Regex Event { get; }

    [GeneratedRegex("""\.Create(?:Counter|Gauge|Histogram|Summary)\(\s*"(?<name>\w+)",""")]
    private static partial Regex Metric { get; }

    [GeneratedRegex("""\{\([^{}?]+\? "(?<one>[a-z-]+)" : "(?<other>[a-z-]+)"\)\}""")]
    private static partial Regex Choice { get; }

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex Placeholder { get; }
}
