using System.Text.RegularExpressions;
using HaCluster.Stack.Monitoring.Rules;
using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Workloads.Tests.Rules.Cases;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>What every alert owes to the person it wakes.</summary>
public sealed partial class RunbookTests
{
    /// <summary>As the manifest of the module exports them.</summary>
    private static readonly IReadOnlyList<string> Cmdlets =
        [.. Exported().Matches(File.ReadAllText(Path.Combine(Repository.Root, "module", "Cmdlets", "HaCluster.psd1"))).Select(match => match.Groups[1].Value)];

    private static readonly string Folder = Path.Combine(Repository.Root, MonitoringLinks.RunbookFolder);

    public static TheoryData<string> Names => new(Catalog.Alerts.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Alert_says_what_a_person_needs(string name)
    {
        var alert = Catalog.Alerts[name];

        Assert.NotEmpty(alert.Summary);
        Assert.InRange(alert.Summary.Length, 10, 120);
        Assert.NotEmpty(alert.Description);
        Assert.Contains(alert.Severity, (string[])[AlertSeverity.Critical, AlertSeverity.Warning, AlertSeverity.Info]);
        Assert.True(alert.Team == AlertTeam.OfService || AlertTeam.All.Contains(alert.Team), alert.Team);
        Assert.Matches(@"^[0-9]+[mhd]\z", alert.For);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Alert_has_a_runbook_that_says_how_to_look_and_what_to_do(string name)
    {
        var path = Path.Combine(Folder, name + ".md");
        Assert.True(File.Exists(path), $"{path} is missing");
        var page = File.ReadAllText(path);

        Assert.StartsWith($"# {name}\n", page, StringComparison.Ordinal);
        Assert.Contains("## Look", page, StringComparison.Ordinal);
        Assert.Contains("## Act", page, StringComparison.Ordinal);
        Assert.Contains(Catalog.Alerts[name].Severity, page, StringComparison.Ordinal);
        Assert.Contains(Cmdlets, cmdlet => page.Contains(cmdlet, StringComparison.Ordinal));
        Assert.Contains("```", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_runbook_has_an_alert_and_a_line_in_the_index()
    {
        var pages = Directory.GetFiles(Folder, "*.md").Select(Path.GetFileNameWithoutExtension).Where(page => page != "README").ToList();
        var index = File.ReadAllText(Path.Combine(Folder, "README.md"));

        Assert.Equal(Catalog.Alerts.Keys.Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
        Assert.All(pages, page => Assert.Contains($"]({page}.md)", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alert_has_one_case_that_fires_and_is_silent()
    {
        Assert.Equal(Catalog.Alerts.Keys.Order(StringComparer.Ordinal), AllCases.All.Select(@case => @case.Alert).Order(StringComparer.Ordinal));
        Assert.All(AllCases.All, @case => Assert.NotEqual(@case.Firing, @case.Silent));
    }

    [GeneratedRegex("'([A-Z][a-z]+-Ha[A-Za-z]+)'")]
    private static partial Regex Exported();
}
