using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Cli.Terminal;
using HaCluster.Planning;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Scenarios;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A readable proof: a verdict per class of scenarios, the violations, their fixes, and on request the assumptions.</summary>
internal static class ProofView
{
    private const int MaxNames = 3;

    public static void Show(IAnsiConsole console, ProofReport report, string stack, string command, bool explains)
    {
        console.ProseLineInterpolated(
            $"[bold]{report.Cluster.Name}[/], stack [bold]{stack}[/]: does it survive? {Wording.Count(report.Cluster.Zones.Length, "zone")}, {Wording.Count(report.Nodes, "node")}, {Wording.Count(report.Pods, "pod")}");
        ShowClasses(console, report);
        ShowViolations(console, report);
        ShowFixes(console, "How to fix it", report.UsableFixes.Where(fix => fix.Kind != FixKind.Accept));
        ShowFixes(console, "Or accept it: lower the objective, the cluster stays as it is", report.UsableFixes.Where(fix => fix.Kind == FixKind.Accept));
        Listing.Bullets(console, "Fixes that were tried and do not work", report.Fixes.Where(fix => fix.Refusal is not null).Select(fix => $"{fix}: {fix.Refusal}"));
        Listing.Bullets(console, "Good to know", report.Notes);
        Listing.Bullets(console, "Not understood, so the proof is incomplete", report.Incomplete.Select(unknown => $"{unknown.Subject}: {unknown.Reason}"));
        if (explains)
            Listing.Bullets(console, "Assumptions", report.Assumptions.Select(assumption => assumption.Source is null ? assumption.Text : $"{assumption.Text} ({assumption.Source})"));
        console.WriteLine();
        ShowVerdict(console, report);
        ShowFixCounts(console, report, command);
        if (!explains)
            console.ProseLineInterpolated($"[grey]{Wording.Count(report.Assumptions.Length, "assumption")}: ha prove --explain lists them[/]");
    }

    /// <summary>One line, printed last by the command without arguments.</summary>
    public static void ShowVerdict(IAnsiConsole console, ProofReport report)
    {
        var tried = string.Create(
            CultureInfo.InvariantCulture, $"{report.Scenarios:N0} scenarios tried in {report.Elapsed.TotalSeconds:0.0} s");
        var unknown = report.IsComplete ? "" : $"; incomplete: {Wording.Count(report.Incomplete.Length, "thing")} not understood";
        if (!report.Holds)
            console.ProseLineInterpolated($"[bold red]proof: {Wording.Count(report.Violations.Length, "violation")}[/], {tried}, {report.Failed:N0} failed{unknown}");
        else if (!report.IsComplete)
            console.ProseLineInterpolated($"[bold yellow]proof: incomplete[/]: nothing breaks, but {Wording.Count(report.Incomplete.Length, "thing")} could not be understood; {tried}");
        else
            console.ProseLineInterpolated($"[bold green]proof: holds[/], {tried}");
    }

    private static void ShowClasses(IAnsiConsole console, ProofReport report)
    {
        Listing.Heading(console, "Scenarios");
        var table = Listing.Create("Scenario", ">Tried", "Verdict", "~Worst case");
        foreach (var verdict in report.Classes)
        {
            table.AddRow(
                new Text(ScenarioClasses.TitleOf(verdict.Class)),
                new Text(verdict.Tried.ToString("N0", CultureInfo.InvariantCulture)),
                new Markup(Verdict(verdict)),
                new Prose(verdict.Skipped ?? (verdict.Tried == 0 ? "none in this cluster" : verdict.Worst)));
        }

        Listing.Write(console, table);
    }

    private static string Verdict(ClassVerdict verdict) =>
        verdict.Skipped is not null ? "[yellow]skipped[/]"
        : verdict.Tried == 0 ? "[grey]-[/]"
        : verdict.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"[red]{verdict.Failed:N0} fail[/]")
        : "[green]holds[/]";

    private static void ShowViolations(IAnsiConsole console, ProofReport report)
    {
        if (report.Violations.IsEmpty)
            return;
        Listing.Heading(console, "What breaks");
        foreach (var (index, violation) in report.Violations.Index())
        {
            var entry = Entry();
            entry.AddRow(new Text($"{index + 1}."), Prose.OfMarkup($"[bold]{Markup.Escape(violation.Subject.ToString())}[/]: {Markup.Escape(violation.Text)}"));
            entry.AddRow(new Text(""), Prose.OfMarkup(
                $"[red]{InvariantPages.NameOf(violation.Invariant)}[/] [grey]({InvariantPages.PageOf(violation.Invariant)})[/]; in: {Markup.Escape(Scenarios(violation))}"));
            entry.AddRow(new Text(""), Prose.OfMarkup(FixesOf(report, index + 1)));
            console.Write(entry);
        }
    }

    private static string FixesOf(ProofReport report, int number)
    {
        var fixes = report.FixesOf(number).ToList();
        var changes = fixes.Where(fix => fix.Kind != FixKind.Accept).ToList();
        var accepts = fixes.Where(fix => fix.Kind == FixKind.Accept).ToList();
        var isCutShort = report.NotSearched.Contains(number);
        return !report.SoughtFixes ? "[grey]fixes were not searched for[/]"
            : changes.Count > 0 ? $"[green]fix {Markup.Escape(Numbers(changes.Select(fix => fix.Number), "or"))}[/]{(accepts.Count > 0 ? $", or accept: {Numbers(accepts.Select(fix => fix.Number), "or")}" : "")}"
            : isCutShort ? "[yellow]no fix found in the time limit (--fix-seconds)[/]"
            : accepts.Count > 0 ? $"[yellow]no single change fixes it[/]; accept: {Numbers(accepts.Select(fix => fix.Number), "or")}"
            : report.Violations[number - 1].Advice is { } advice ? $"[yellow]{Markup.Escape(advice)}[/]"
            : "[yellow]no single change fixes it[/]";
    }

    /// <summary>By class: <c>a node lost (general-0, general-1), a zone lost (3)</c>.</summary>
    private static string Scenarios(Violation violation) => string.Join(", ", violation.AlsoIn.Insert(0, violation.Scenario)
        .GroupBy(scenario => scenario.Class)
        .Select(same => same.Key == ScenarioClass.SteadyState ? ScenarioClasses.TitleOf(same.Key) : $"{ScenarioClasses.TitleOf(same.Key)} ({Some([.. same.Select(scenario => scenario.Subject).Distinct()])})"));

    private static string Some(ImmutableArray<string> names) => names.Length <= MaxNames ? string.Join(", ", names) : $"{names[0]} and {names.Length - 1} more";

    private static void ShowFixes(IAnsiConsole console, string heading, IEnumerable<Fix> fixes)
    {
        var isFirst = true;
        foreach (var fix in fixes)
        {
            if (isFirst)
                Listing.Heading(console, heading);
            isFirst = false;
            var entry = Entry();
            var what = fix.Kind == FixKind.Accept ? "accepts" : "fixes";
            entry.AddRow(new Text($"{fix.Number}."), Prose.OfMarkup($"{Markup.Escape(fix.ToString())}: {what} {Numbers(fix.Violations, "and")} {Standing(fix)}{Revealed(fix)}"));
            console.Write(entry);
            // Not wrapped, so that it can be copied.
            foreach (var line in fix.Snippet?.Split('\n') ?? [])
                console.WriteRaw($"     {line.TrimEnd()}");
        }
    }

    private static string Revealed(Fix fix) => fix.Reveals == 0 ? "" : $"; {Wording.Count(fix.Reveals, "more violation")} of this workload {(fix.Reveals == 1 ? "appears" : "appear")} once its pods run";

    private static string Standing(Fix fix) => fix switch
    {
        { IsVerified: true, Kind: FixKind.Manifest } => "[green](verified on the model; no setting controls it)[/]",
        { IsVerified: true } => "[green](verified: planned and proved again)[/]",
        _ => "[yellow](not verified with the program: time limit reached)[/]",
    };

    private static void ShowFixCounts(IAnsiConsole console, ProofReport report, string command)
    {
        if (report.Holds || !report.SoughtFixes)
            return;
        var changes = report.UsableFixes.Where(fix => fix.Kind != FixKind.Accept).ToList();
        var parts = new List<string> { $"{Wording.Count(changes.Count, "fix", "fixes")}, {changes.Count(fix => fix.IsVerified)} verified" };
        var accepts = report.UsableFixes.Where(fix => fix.Kind == FixKind.Accept).ToList();
        if (accepts.Count > 0)
            parts.Add($"{Wording.Count(accepts.Count, "way", "ways")} to accept, {accepts.Count(fix => fix.IsVerified)} verified");
        var unfixed = Enumerable.Range(1, report.Violations.Length).Count(number => report.FixesOf(number).All(fix => fix.Kind == FixKind.Accept));
        if (unfixed > 0)
            parts.Add($"{Wording.Count(unfixed, "violation")} without a fix");
        if (!report.NotSearched.IsEmpty)
            parts.Add($"time limit reached before fixes were found for {(report.NotSearched.Length == 1 ? "violation" : "violations")} {Numbers(report.NotSearched, "and")}");
        console.ProseLine(string.Join("; ", parts));
        if (changes.Any(fix => fix is { Kind: FixKind.Setting, IsVerified: true }))
        {
            console.WriteLine("to write all fixes that are settings into the stack file (--fix N writes one):");
            console.WriteRaw($"  {command} --fix");
        }
    }

    private static Grid Entry() => new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().PadRight(0));

    /// <summary><c>3, 4 and 7</c>.</summary>
    private static string Numbers(IEnumerable<int> numbers, string last)
    {
        var texts = numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
        return texts.Count < 2 ? string.Concat(texts) : $"{string.Join(", ", texts.SkipLast(1))} {last} {texts[^1]}";
    }
}
