using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Logging;

public class LoggingSettingsTests
{
    [Theory]
    [InlineData(2, 2, false, 2)]
    [InlineData(3, 3, true, 3)]
    [InlineData(6, 3, true, 3)]
    public void Defaults_fit_any_number_of_zones(int zones, int used, bool standby, int copies)
    {
        var (settings, problems) = Configuration.Read($$"""{"zones":{{zones}}}""");

        Assert.Empty(problems);
        Assert.True(settings.Logging.IsEnabled);
        Assert.Equal(used, settings.Logging.Search.Zones);
        Assert.Equal(used, settings.Logging.Search.DataNodes);
        Assert.Equal(standby, settings.Logging.Search.HasStandby);
        Assert.Equal(copies, settings.Logging.Search.Copies);
        Assert.Equal(ObjectLockMode.Governance, settings.Logging.Finance.Lock);
    }

    [Theory]

    // counts
    [InlineData("""{"search":{"dataNodes":4}}""", "search.dataNodes is 4; 3 zones must have the same number of data nodes: set a multiple of 3, such as 6")]
    [InlineData("""{"search":{"dataNodes":2}}""", "search.dataNodes is 2; 3 zones need one data node each, otherwise records are lost with a zone")]
    [InlineData("""{"search":{"dataNodes":0}}""", "search.dataNodes is 0; 3 zones need one data node each, otherwise records are lost with a zone")]
    [InlineData("""{"search":{"dataNodes":81}}""", "search.dataNodes is 81; a domain has at most 77 data nodes")]

    // instances and versions
    [InlineData("""{"search":{"instanceType":"r7g.large"}}""", "search.instanceType is \"r7g.large\"; an OpenSearch instance type has the form family.size.search, such as r7g.large.search")]
    [InlineData("""{"search":{"instanceType":"t3.medium.search"}}""", "search.instanceType is \"t3.medium.search\"; burstable instances run out of CPU credits when most is logged, and do not support standby")]
    [InlineData("""{"search":{"instanceType":"i3.large.search"}}""", "search.instanceType is \"i3.large.search\"; it has local disks, which are lost with the instance, and the program declares gp3 volumes")]
    [InlineData("""{"search":{"instanceType":"r6gd.large.search"}}""", "search.instanceType is \"r6gd.large.search\"; it has local disks, which are lost with the instance, and the program declares gp3 volumes")]
    [InlineData("""{"search":{"masterType":"m4.large.search"}}""", "search.masterType is \"m4.large.search\"; its generation does not support gp3 volumes")]
    [InlineData("""{"search":{"version":"latest"}}""", "search.version is \"latest\"; choose one of 2.19")]
    [InlineData("""{"search":{"offPeakHour":24}}""", "search.offPeakHour is 24; it is an hour of the day")]
    [InlineData("""{"search":{"readers":["auditor"]}}""", "search.readers[0] is \"auditor\"; the ARN of an IAM role is expected here")]
    [InlineData("""{"search":{"logRetentionDays":91}}""", "search.logRetentionDays is 91; CloudWatch supports")]

    // storage
    [InlineData("""{"search":{"volumeGiB":10}}""", "search.volumeGiB is 10; choose 20 to 36864 GiB")]
    [InlineData("""{"search":{"volumeGiB":100}}""", "search.volumeGiB is 100; all kinds of records (perDay x days x 3 copies) need 269 GiB on each of 3 data nodes")]
    [InlineData("""{"application":{"perDay":"40Gi"}}""", "search.volumeGiB is 300; all kinds of records (perDay x days x 3 copies) need 1000 GiB on each of 3 data nodes")]
    [InlineData("""{"application":{"days":1100,"perDay":"1Mi"}}""", "search.dataNodes is 3; one index per day for that many days makes")]
    [InlineData("""{"application":{"perDay":"0"}}""", "application.perDay is 0; disks are sized from it")]
    [InlineData("""{"agent":{"bufferGiB":0}}""", "agent.bufferGiB is 0; it takes space of the node's root volume from images and pods")]

    // audit records on their way to OpenSearch
    [InlineData("""{"audit":{"minUnits":0}}""", "audit.minUnits is 0; choose a number from 1 to 96")]
    [InlineData("""{"audit":{"maxUnits":97}}""", "audit.maxUnits is 97; choose a number from 1 to 96")]
    [InlineData("""{"audit":{"minUnits":4,"maxUnits":3}}""", "audit.maxUnits is 3; it is less than minUnits (4): raise it")]
    [InlineData("""{"audit":{"searchable":"often"}}""", "audit.searchable is \"often\"; true or false is expected here")]

    // retention
    [InlineData("""{"application":{"days":0}}""", "application.days is 0; choose a number from 1 to 36500")]
    [InlineData("""{"audit":{"archiveDays":30}}""", "audit.archiveDays is 30; records stay searchable for 90 days, and the archive must not delete them earlier")]
    [InlineData("""{"finance":{"retentionYears":1}}""", "finance.days is 400; records would stay searchable for longer than the archive keeps them (1 years)")]
    [InlineData("""{"finance":{"retentionYears":0}}""", "finance.retentionYears is 0; S3 locks objects for at most 100 years")]
    [InlineData("""{"finance":{"retentionYears":101}}""", "finance.retentionYears is 101; S3 locks objects for at most 100 years")]
    [InlineData("""{"finance":{"lock":"worm"}}""", "finance.lock is \"worm\"; choose one of compliance, governance")]

    // names
    [InlineData("""{"finance":{"serviceAccount":"Finance Log"}}""", "finance.serviceAccount is \"Finance Log\"; use at most 63 lower-case letters, digits and dashes, with no dash at either end")]
    [InlineData("""{"finance":{"port":443}}""", "finance.port is 443; the service runs without privileges")]
    [InlineData("""{"agent":{"excludedNamespaces":["a_b"]}}""", "agent.excludedNamespaces[0] is \"a_b\"; use at most 63 lower-case letters, digits and dashes, with no dash at either end")]
    [InlineData("""{"serach":{}}""", "serach is not a setting; did you mean search?")]
    [InlineData("""{"search":{"nodes":3}}""", "search.nodes is not a setting")]
    public void What_is_wrong_is_named(string logging, string message)
    {
        var (_, problems) = Configuration.Read($$"""{"logging":{{logging}}}""");

        Assert.StartsWith($"ha-cluster:logging.{message}", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_standby_needs_a_third_zone()
    {
        var (_, problems) = Configuration.Read("""{"zones":2,"logging":{"search":{"standby":true}}}""");

        Assert.StartsWith("ha-cluster:logging.search.standby is true; a standby needs 3 zones, but ha-cluster:zones is 2", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_zones_share_the_nodes_evenly()
    {
        var (_, problems) = Configuration.Read("""{"zones":2,"logging":{"search":{"dataNodes":3}}}""");

        Assert.StartsWith("ha-cluster:logging.search.dataNodes is 3; 2 zones must have the same number of data nodes: set a multiple of 2, such as 4", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"zones":2}""", "two of the three master nodes share one")]
    [InlineData("""{"logging":{"search":{"standby":false}}}""", "ha-cluster:logging.search.standby is false")]
    [InlineData("{}", "ha-cluster:logging.finance.lock is governance")]
    [InlineData("{}", "ha-cluster:logging.finance.producers is empty; the finance-log service is not run")]
    [InlineData("""{"logging":{"audit":{"searchable":false}}}""", "ha-cluster:logging.audit.searchable is false")]
    [InlineData("""{"logging":{"audit":{"minUnits":1}}}""", "ha-cluster:logging.audit.minUnits is 1; a single unit is in one zone")]
    public void What_the_user_gives_up_is_said(string settings, string notice) =>
        Assert.Contains(Configuration.Read(settings).Settings.Logging.Notices(runsFinanceLog: false), said => said.Contains(notice, StringComparison.Ordinal));

    [Fact]
    public void Nothing_is_said_when_nothing_is_given_up_or_nothing_is_declared()
    {
        Assert.Empty(Configuration.Read("""{"logging":{"finance":{"lock":"compliance","producers":"test/producers"}}}""").Settings.Logging.Notices(runsFinanceLog: false));
        Assert.Empty(Configuration.Read("""{"zones":2,"logging":{"enabled":false}}""").Settings.Logging.Notices(runsFinanceLog: false));
    }

    [Fact]
    public void A_token_in_the_place_of_a_secrets_name_is_refused_and_not_repeated()
    {
        var (_, problems) = Configuration.Read("""{"logging":{"finance":{"producers":"hal_0123456789abcdef"}}}""");

        Assert.Contains("is a token, and settings are not secret", Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"logging":{"finance":{"replicas":1}}}""", "with a single replica")]
    [InlineData("""{"logging":{"finance":{"producers":"a secret"}}}""", "ha-cluster:logging.finance.producers is \"a secret\"")]
    [InlineData("""{"logging":{"finance":{"keyAdmins":["admin"]}}}""", "ha-cluster:logging.finance.keyAdmins")]
    [InlineData("""{"logging":{"finance":{"image":"registry.example/ledger:latest"}}}""", "ha-cluster:logging.finance.image")]
    public void Settings_of_the_finance_log_that_would_not_work_are_refused(string settings, string problem) =>
        Assert.Contains(problem, Assert.Single(Configuration.Read(settings).Problems), StringComparison.Ordinal);

    [Fact]
    public void Errors_of_all_parts_come_at_once()
    {
        var (_, problems) = Configuration.Read(
            """{"logging":{"search":{"dataNodes":5,"version":"1"},"finance":{"lock":"x","port":1},"agent":{"bufferGiB":-1},"audit":{"days":-1}}}""");

        Assert.Equal(6, problems.Count);
    }

    [Fact]
    public void Defaults_leave_room_in_the_volumes()
    {
        var (settings, _) = Configuration.Read("{}");

        Assert.InRange(settings.Logging.NeededVolumeGiB, 100, settings.Logging.Search.VolumeGiB);
        Assert.Equal(Quantity.Parse("4Gi"), settings.Logging.Application.PerDay);
    }
}
