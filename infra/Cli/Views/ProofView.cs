using System.Globalization;
using HaCluster.Planning.Proof.Report;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A proof for people: a verdict a class, what breaks and what mends it, and all that it rests on.</summary>
internal static class ProofView
{
    public static void Show(IAnsiConsole console, ProofReport report, string stack)
    {
        console.MarkupLineInterpolated(
            $"[bold]{report.Cluster.Name}[/], stack [bold]{stack}[/]: does it survive? {report.Cluster.Zones.Length} zones, {report.Nodes} nodes, {report.Pods} pods");
        ShowClasses(console, report);
        ShowViolations(console, report);
        Listing.Bullets(console, "Not broken, and worth knowing", report.Notes);
        Listing.Bullets(console, "Not looked at", report.Unknown.Select(unknown => $"{unknown.Subject}: {unknown.Reason}"));
        Listing.Bullets(console, "Taken as given", report.Assumptions.Select(assumption => assumption.Source is null ? assumption.Text : $"{assumption.Text} ({assumption.Source})"));
        console.WriteLine();
        ShowVerdict(console, report, "each with what mends it");
    }

    /// <summary>One line: what the no-argument command ends with.</summary>
    public static void ShowVerdict(IAnsiConsole console, ProofReport report, string hint)
    {
        var tried = string.Create(
            CultureInfo.InvariantCulture, $"{report.Scenarios} scenarios tried in {report.Elapsed.TotalSeconds:0.0} s");
        if (!report.Holds)
            console.MarkupLineInterpolated($"[bold red]proof: {Count(report.Violations.Length, "violation")}[/], {tried}; {hint}");
        else if (!report.IsComplete)
            console.MarkupLineInterpolated($"[bold yellow]proof: nothing breaks, but {Count(report.Unknown.Length, "object")} could not be looked at[/], {tried}");
        else
            console.MarkupLineInterpolated($"[bold green]proof: holds[/], {tried}");
    }

    private static void ShowClasses(IAnsiConsole console, ProofReport report)
    {
        Listing.Heading(console, "When this happens");
        var table = Listing.Create("Scenario", ">Tried", "Verdict", "The hardest of them");
        table.Columns[0].NoWrap();
        table.Columns[2].NoWrap();
        foreach (var verdict in report.Classes)
        {
            table.AddRow(
                new Text(ScenarioClasses.TitleOf(verdict.Class)),
                new Text(verdict.Tried.ToString("N0", CultureInfo.InvariantCulture)),
                new Markup(Verdict(verdict)),
                new Text(verdict.Skipped ?? (verdict.Tried == 0 ? "there is none" : verdict.Worst)));
        }

        console.Write(table);
    }

    private static string Verdict(ClassVerdict verdict) =>
        verdict.Skipped is not null ? "[yellow]skipped[/]"
        : verdict.Tried == 0 ? "[grey]-[/]"
        : verdict.Failed > 0 ? $"[red]{verdict.Failed} fail[/]"
        : "[green]holds[/]";

    private static void ShowViolations(IAnsiConsole console, ProofReport report)
    {
        if (report.Violations.IsEmpty)
            return;
        Listing.Heading(console, "What breaks");
        var number = 0;
        foreach (var violation in report.Violations)
        {
            var entry = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().PadRight(0));
            entry.AddRow(new Text($"{++number}."), new Markup($"[red]{Markup.Escape(InvariantPages.NameOf(violation.Invariant))}[/]: {Markup.Escape(Told(violation))}"));
            entry.AddRow(new Text(""), Mend(violation.Repair, report.SoughtRepairs));
            entry.AddRow(new Text(""), new Markup($"[grey]{InvariantPages.PageOf(violation.Invariant)}[/]"));
            console.Write(entry);
        }
    }

    private static string Told(Violation violation)
    {
        var also = violation.AlsoIn.Length switch
        {
            0 => "",
            <= 2 => $" (also: {string.Join(", ", violation.AlsoIn)})",
            var many => string.Create(CultureInfo.InvariantCulture, $" (and in {many} more)"),
        };
        return $"{ScenarioClasses.TitleOf(violation.Scenario.Class)}, {violation.Scenario.Subject}{also}: {violation.Subject}: {violation.Text}";
    }

    private static Markup Mend(Repair? repair, bool isSought) => repair is null
        ? new Markup(isSought ? "[yellow]no change of one setting was found that mends it[/]" : "[yellow]what mends it was not sought in a cluster of this size[/]")
        : new Markup($"[green]{Markup.Escape(repair.ToString())}[/]{(repair.IsVerified ? " (proved again: holds)" : " (not proved again)")}");

    private static string Count(int count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : one + "s")}");
}
