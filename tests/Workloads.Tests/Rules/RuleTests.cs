using HaCluster.Stack.Monitoring.Rules;
using HaCluster.Workloads.Tests.Peers;
using HaCluster.Workloads.Tests.Rules.Cases;

namespace HaCluster.Workloads.Tests.Rules;

/// <summary>Every rule before the real promtool, every alert with one series that fires it and one that does not.</summary>
public sealed class RuleTests : IDisposable
{
    private const string File = "rules.yaml";

    private readonly Scratch _scratch = new();

    public static TheoryData<string> Names => new(Catalog.Alerts.Keys);

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Promtool_accepts_all_rules()
    {
        _scratch.Write(File, RuleFile.Of(Catalog.All));

        var (exitCode, output) = await Tool.Promtool.RunAsync(_scratch.Path, "check", "rules", "--lint=all", "--lint-fatal", File);

        Assert.True(exitCode == 0, output);
        Assert.Contains($"{Catalog.All.Sum(group => group.Records.Length + group.Alerts.Length)} rules found", output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Alert_fires_on_its_recording_and_is_silent_on_the_other(string alert)
    {
        var (exitCode, output) = await TestAsync(AllCases.Of(alert));

        Assert.True(exitCode == 0, output);
    }

    [SkippableFact]
    public async Task A_recording_that_does_not_fire_fails_the_test()
    {
        var good = AllCases.Of("ZoneLost");

        var (exitCode, output) = await TestAsync(good with { Firing = good.Silent });

        Assert.True(exitCode == 1, output);
        Assert.Contains("ZoneLost", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_recording_that_should_be_silent_and_fires_fails_the_test()
    {
        var good = AllCases.Of("ZoneLost");

        var (exitCode, output) = await TestAsync(good with { Silent = good.Firing });

        Assert.True(exitCode == 1, output);
    }

    [SkippableFact]
    public async Task A_text_that_shows_another_value_fails_the_test()
    {
        var (exitCode, output) = await TestAsync(AllCases.Of("ZoneLost") with { Value = "4" });

        Assert.True(exitCode == 1, output);
    }

    [SkippableFact]
    public async Task A_stream_that_was_never_verified_is_late_two_days_after_its_first_record()
    {
        const string records = """ledger_stream_records{namespace="logging",pod="finance-log-a",stream="payments"}""";

        var (exitCode, output) = await TestAsync(AllCases.Of("FinanceLogVerificationLate") with
        {
            Firing = [(records, "7x620")],
            Value = "2d 0h 0m 0s",
            Silent = [(records, "_x400 7x220")],
        });

        Assert.True(exitCode == 0, output);
    }

    private async Task<(int ExitCode, string Output)> TestAsync(RuleCase @case)
    {
        // Only the rules that the alert stands on: a case can be a month long.
        _scratch.Write(File, RuleFile.Of(Catalog.All
            .Where(group => Needs(group, @case.Alert))
            .Select(group => group with { Alerts = [.. group.Alerts.Where(rule => rule.Name == @case.Alert)] })));
        _scratch.Write("test.yaml", RuleTestFile.Of(@case, Catalog.Alerts[@case.Alert], File));
        return await Tool.Promtool.RunAsync(_scratch.Path, "test", "rules", "test.yaml");
    }

    private static bool Needs(RuleGroup group, string alert) =>
        group.Name is "zones" or "cost" || group.Alerts.Any(rule => rule.Name == alert);
}
