using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Backups;

public class BackupSettingsTests
{
    [Fact]
    public void Nothing_need_be_said()
    {
        var (settings, problems) = Configuration.Read("{}");

        Assert.Empty(problems);
        Assert.True(settings.Backups.IsEnabled);
        Assert.Equal("168h0m0s", settings.Backups.Objects.TimeToLive);
        Assert.Equal("720h0m0s", settings.Backups.Volumes.TimeToLive);
    }

    [Theory]
    [InlineData("""{"objects":{"schedule":"hourly"}}""", "objects.schedule is \"hourly\"; a cron expression with five fields is expected here (minute, hour, day, month, weekday), such as \"30 */12 * * *\"")]
    [InlineData("""{"volumes":{"schedule":"61 1 * * *"}}""", "volumes.schedule is \"61 1 * * *\"; ")]
    [InlineData("""{"volumes":{"retentionDays":0}}""", "volumes.retentionDays is 0; choose a number from 1 to 3650")]
    [InlineData("""{"volumes":{"retention":7}}""", "volumes.retention is not a setting; did you mean retentionDays?")]
    [InlineData("""{"excludedNamespaces":["payment"]}""", "excludedNamespaces is \"payment\"; the cluster has no such namespace; did you mean payments?")]
    [InlineData("""{"keepDeletedDays":0}""", "keepDeletedDays is 0; choose a number from 1 to 3650")]
    public void Are_refused_by_name_with_a_way_out(string json, string message)
    {
        var (_, problems) = Configuration.Read("{\"backups\":" + json + "}");

        Assert.StartsWith("ha-cluster:backups." + message, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 * * * *")]
    [InlineData("*/15 0-6 1,15 * 1-5")]
    [InlineData("59 23 31 12 6")]
    [InlineData("5/20 * * * *")]
    public void Schedules_are_those_of_cron(string expression) => Assert.Null(Shapes.Cron.Fault(expression));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("@daily")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 7")]
    [InlineData("*/0 * * * *")]
    [InlineData("*/60 * * * *")]
    [InlineData("30-10 * * * *")]
    [InlineData("1, * * * *")]
    [InlineData("1/2/3 * * * *")]
    [InlineData("1-2-3 * * * *")]
    [InlineData("-1 * * * *")]
    public void Others_are_not(string expression) => Assert.NotNull(Shapes.Cron.Fault(expression));

    [Theory]
    [InlineData("""{"enabled":false}""", "enabled is false; a deleted namespace or volume cannot be restored")]
    [InlineData("""{"volumes":{"retentionDays":3}}""", "volumes.retentionDays is 3; damage that is noticed after 3 days is in every backup")]
    public void What_is_given_up_is_said(string json, string notice) => Assert.Contains(
        Notices.For(Configuration.Read("{\"backups\":" + json + "}").Settings),
        each => each.StartsWith("ha-cluster:backups." + notice, StringComparison.Ordinal));

    [Fact]
    public void Good_settings_need_no_remark() => Assert.DoesNotContain(
        Notices.For(Configuration.Read("{}").Settings), each => each.StartsWith("ha-cluster:backups", StringComparison.Ordinal));
}
