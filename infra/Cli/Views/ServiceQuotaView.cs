using System.Globalization;
using HaCluster.Cli.Running;
using HaCluster.Planning;
using HaCluster.Planning.ServiceQuotas;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The service quotas as a table: red is too small, yellow is tight, grey is unknown.</summary>
internal static class ServiceQuotaView
{
    public static void Show(IAnsiConsole console, string stack, string? region, QuotaComparison comparison, QuotaChoice choice)
    {
        var place = region is null ? "" : $" in {region}";
        console.ProseLineInterpolated($"Service quotas for stack [bold]{stack}[/]{place}, compared with {Against(comparison)}");
        console.WriteLine();
        Listing.Write(console, TableOf(comparison));
        Explain(console, comparison, choice.Explains);
        if (comparison.LinkedRole is { } role)
            console.ProseLine(role.IsWrong ? $"[red]{Markup.Escape(role.Summary)}[/]" : Markup.Escape(role.Summary));
        foreach (var note in comparison.Notes)
            WarningsView.Show(console, [note]);
        console.WriteLine();
        console.ProseLine(Summary(comparison, choice));
    }

    private static Table TableOf(QuotaComparison comparison)
    {
        var table = Listing.Create("Code", "~Quota", ">Need", ">Use", ">Limit", ">Short by");
        foreach (var answer in comparison.Answers)
        {
            var style = StyleOf(answer.Verdict);
            table.AddRow(
                new Text(answer.Need.Quota.Code ?? answer.Need.Quota.Service, style),
                new Prose(answer.Need.Quota.Name, style),
                new Text(Need(answer.Need), style),
                new Text(answer.Need.Quota.IsShared ? Number(answer.Use.Value) : "-", style),
                new Text(Number(answer.Limit.Value), style),
                new Text(answer.ShortBy > 0 ? Number(answer.ShortBy) : "", style));
        }

        return table;
    }

    /// <summary>Needs that do not fit or are not known are always explained.</summary>
    private static void Explain(IAnsiConsole console, QuotaComparison comparison, bool explains)
    {
        var explained = comparison.Answers.Where(answer => explains || answer.Verdict != QuotaVerdict.Fits).ToList();
        if (explained.Count == 0)
            return;
        Listing.Heading(console, "How it is counted");
        var table = Listing.Create("Code", "~Need and what is not known");
        foreach (var answer in explained)
        {
            var unread = answer.Unread is { } reason ? $"; unknown: {reason}" : "";
            table.AddRow(new Text(answer.Need.Quota.Code ?? answer.Need.Quota.Service), new Prose(answer.Need.How + unread));
        }

        Listing.Write(console, table);
    }

    private static string Against(QuotaComparison comparison) =>
        comparison.Account is { } account ? $"account {account}; Use counts its other resources" : "AWS's defaults for a new, empty account";

    private static string Summary(QuotaComparison comparison, QuotaChoice choice)
    {
        var counts = comparison.Answers.CountBy(answer => answer.Verdict).ToDictionary();
        var bad = counts.GetValueOrDefault(QuotaVerdict.Short);
        var parts = new List<string>
        {
            bad == 0
                ? $"[bold green]no quota is too small[/] of {comparison.Answers.Length}"
                : $"[bold red]{bad} of {Wording.Count(comparison.Answers.Length, "quota")} {(bad == 1 ? "is" : "are")} too small[/]",
        };
        if (counts.TryGetValue(QuotaVerdict.Unknown, out var unknown))
            parts.Add($"[grey]{unknown} unknown[/]");
        if (counts.TryGetValue(QuotaVerdict.Tight, out var tight))
            parts.Add($"[yellow]{tight} tight[/]");
        var advice = bad == 0 || choice.Requests ? ""
            : choice.AsksAccount ? "; ha quota --request files the increases"
            : "; ha quota --account compares with your account, ha quota --request files the increases";
        return string.Join(", ", parts) + advice;
    }

    /// <summary>The need at the initial and at the maximum size, where they differ.</summary>
    private static string Need(QuotaNeed need) =>
        need.AtRest == need.AtMost ? Number(need.AtMost) : $"{Number(need.AtRest)}-{Number(need.AtMost)}";

    private static string Number(decimal? value) => value is { } number ? number.ToString("0.##", CultureInfo.InvariantCulture) : "unknown";

    private static Style StyleOf(QuotaVerdict verdict) => verdict switch
    {
        QuotaVerdict.Short => new Style(Color.Red),
        QuotaVerdict.Tight => new Style(Color.Yellow),
        QuotaVerdict.Unknown => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
