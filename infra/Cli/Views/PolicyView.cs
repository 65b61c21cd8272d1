using System.Collections.Immutable;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Planning;
using HaCluster.Planning.Policies;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The results of the policies: one line when all hold, and details of those that are off, exempted, violated or incomplete.</summary>
internal static class PolicyView
{
    public static void Show(IAnsiConsole console, ImmutableArray<PolicyResult> policies)
    {
        if (policies.IsEmpty)
            return;
        Listing.Heading(console, "Policies");
        var incomplete = policies.Count(policy => policy.Status == PolicyStatus.Incomplete);
        console.ProseLine(Wording.Count(policies.Count(policy => policy.Status == PolicyStatus.Holds), "policy holds", "policies hold")
            + (incomplete == 0 ? "" : $", {Wording.Count(incomplete, "is", "are")} incomplete: not everything could be inspected"));
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        foreach (var policy in policies.Where(policy => policy.Status == PolicyStatus.Off))
            grid.AddRow(new Markup("[yellow]off[/]"), new Prose($"{policy.Id}: {policy.Reason}{Hidden(policy.Violations)}"));
        foreach (var policy in policies.Where(policy => !policy.Exempted.IsEmpty))
            grid.AddRow(new Markup("[yellow]exempted[/]"), new Prose($"{policy.Id}: {policy.Reason}{Hidden(policy.Exempted)}"));
        foreach (var (subjects, ids) in NotInspected(policies))
            grid.AddRow(new Markup("[yellow]incomplete[/]"), new Prose($"{ids}: not inspected: {subjects}"));
        foreach (var policy in policies.Where(policy => policy.Status == PolicyStatus.Violated))
            Add(grid, policy);
        console.Write(grid);
    }

    /// <param name="isShown">Whether the full results are already on the screen.</param>
    /// <returns>The exit code.</returns>
    public static int Refuse(IAnsiConsole console, StackRun run, ImmutableArray<PolicyResult> policies, bool isShown)
    {
        var violated = policies.Where(policy => policy.Status == PolicyStatus.Violated).ToList();
        if (violated.Count == 0)
            return ExitCode.Success;
        ErrorView.Show(
            console,
            $"stack {run.Request.Stack} is refused ({run.Settings.StackFilePath}): "
                + $"{Wording.Count(violated.Count, "policy is violated", "policies are violated")}",
            violated.SelectMany(policy => isShown ? Lines(policy) : [.. Lines(policy), $"  why: {policy.Why}", $"  fix: {policy.Fix}"]));
        return ExitCode.Refused;
    }

    private static IEnumerable<string> Lines(PolicyResult policy) =>
        policy.Violations.Select(violation => $"{policy.Id}: {violation.Resource}: {violation.Problem}").Append($"  see: {policy.Source}");

    private static void Add(Grid grid, PolicyResult policy)
    {
        grid.AddRow(new Markup("[red]violated[/]"), Prose.OfMarkup($"[bold]{Markup.Escape(policy.Id)}[/]: {Markup.Escape(policy.Title)}"));
        foreach (var violation in policy.Violations)
            grid.AddRow(new Text(""), new Prose($"{violation.Resource}: {violation.Problem}"));
        grid.AddRow(new Text("  why", new Style(Color.Grey)), new Prose(policy.Why));
        grid.AddRow(new Text("  fix", new Style(Color.Grey)), new Prose(policy.Fix));
    }

    /// <summary>Policies that could not inspect the same things share a line; the document has all names.</summary>
    private static IEnumerable<(string Subjects, string Ids)> NotInspected(ImmutableArray<PolicyResult> policies) => policies
        .Where(policy => !policy.NotInspected.IsEmpty)
        .GroupBy(policy => string.Join('\n', policy.NotInspected))
        .Select(group => (Kinds(group.First().NotInspected), string.Join(", ", group.Select(policy => policy.Id))));

    /// <summary>The names if they are few, otherwise <c>5 charts, 1 add-on</c>.</summary>
    private static string Kinds(ImmutableArray<string> subjects) => subjects.Length <= 2
        ? string.Join(", ", subjects)
        : string.Join(", ", subjects.CountBy(subject => subject.Split(' ')[0]).Select(kind => Wording.Count(kind.Value, kind.Key)));

    private static string Hidden(ImmutableArray<Violation> violations) => violations.Length switch
    {
        0 => " (no violations)",
        <= 3 => $" ({string.Join(", ", violations.Select(violation => violation.Resource).Distinct())})",
        _ => $" ({violations.Length} violations)",
    };
}
