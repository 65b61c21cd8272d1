using HaCluster.Operations.Tests.Operating;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Operations.Viewing;

namespace HaCluster.Operations.Tests.Viewing;

/// <summary>Views of what AWS, Velero and cert-manager say, over the fake world.</summary>
public sealed class DataViewTests : OperatingTests
{
    private FakeProcess? _process;

    private ClusterViews Views => new((_process ??= Process()).Session);

    [Fact]
    public async Task A_database_shows_its_writer_and_what_is_wrong()
    {
        var healthy = Assert.Single((await Views.ReadDatabasesAsync(default)).Items);
        Assert.Equal(("payments", Health.Healthy, "payments-a", "eu-central-1a", 3, ""), (healthy.Name, healthy.Health, healthy.Writer, healthy.WriterZone, healthy.Instances.Count, healthy.Note));
        Assert.True(healthy.Instances[0].IsWriter);

        var database = World.Databases[0];
        database.Status = "failing-over";
        database.Left = 100;
        database.Members = new() { ["payments-a"] = "eu-central-1a", ["payments-b"] = "eu-central-1a" };
        var weak = Assert.Single((await Views.ReadDatabasesAsync(default)).Items);
        Assert.Equal((Health.Degraded, "failing-over; all instances are in one zone"), (weak.Health, weak.Note));

        database.Writer = "";
        database.Members.Remove("payments-b");
        var none = Assert.Single((await Views.ReadDatabasesAsync(default)).Items);
        Assert.Equal((Health.Critical, "no writer; failing-over; no reader to fail over to"), (none.Health, none.Note));
    }

    [Fact]
    public async Task A_pool_shows_how_many_nodes_are_ready_of_those_that_are_wanted()
    {
        World.Find("nodes", null, "node-a1")!["status"]!["conditions"]![0]!["status"] = "Unknown";
        foreach (var name in new[] { "node-c1", "node-c2" })
            World.Find("nodes", null, name)!["status"]!["conditions"]![0]!["status"] = "False";
        var pools = (await Views.ReadNodePoolsAsync(default)).Items;
        Assert.Equal([Health.Degraded, Health.Healthy, Health.Critical], pools.Select(pool => pool.Health));
        Assert.Equal(("general-eu-central-1a", "general", 1, 2, 4, 2, 1), (pools[0].Name, pools[0].Pool, pools[0].Min, pools[0].Desired, pools[0].Max, pools[0].Nodes, pools[0].ReadyNodes));
        Assert.Equal(["eu-central-1a"], pools[0].Zones);
    }

    [Fact]
    public async Task Shifts_of_this_cluster_are_shown_with_their_zone_and_those_of_others_in_the_account_are_not()
    {
        Shift(FakeCluster.ClusterArn, "euc1-az2", "drill");
        Shift("arn:aws:eks:eu-central-1:1:cluster/other", "euc1-az3", "theirs");
        Shift("arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/net/theirs/9", "euc1-az1", "theirs");

        var shift = Assert.Single((await Views.ReadZoneShiftsAsync(default)).Items);
        var zones = (await Views.ReadZonesAsync(default)).Items;

        Assert.Equal(("test", "eu-central-1a", "euc1-az2", "drill", true), (shift.ResourceName, shift.Zone, shift.ZoneId, shift.Comment, shift.IsActive));
        Assert.Equal([Health.Degraded, Health.Healthy, Health.Healthy], zones.Select(zone => zone.Health));
        Assert.StartsWith("traffic is shifted away until", zones[0].Note, StringComparison.Ordinal);
        Assert.Equal(["payments"], zones[0].Writers!);
    }

    [Theory]
    [InlineData("2026-11-29T02:59:00Z", "True", Health.Critical, "it has ended")]
    [InlineData("2026-12-02T00:00:00Z", "True", Health.Degraded, "was not renewed")]
    [InlineData("2027-02-01T00:00:00Z", "True", Health.Healthy, "")]
    [InlineData("2027-02-01T00:00:00Z", "False", Health.Degraded, "the order failed")]
    [InlineData(null, "False", Health.Degraded, "the order failed")]
    public async Task A_certificate_shows_whether_it_ends_before_it_is_renewed(string? ends, string ready, Health health, string note)
    {
        Put("certificates", "edge", "site", $$"""
            {"spec":{"dnsNames":["a.example.com"]},"status":{ {{(ends is null ? "" : $"\"notAfter\":\"{ends}\",")}} "renewalTime":"2026-12-20T00:00:00Z","conditions":[{"type":"Ready","status":"{{ready}}","message":"the order failed"}]} }
            """);
        var certificate = Assert.Single((await Views.ReadCertificatesAsync(default)).Items);
        Assert.Equal((health, ready == "True", "a.example.com"), (certificate.Health, certificate.IsReady, certificate.DnsNames[0]));
        Assert.Contains(note, certificate.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Completed", "2026-11-29T01:00:00Z", "", Health.Healthy, "Completed", "")]
    [InlineData("Failed", "2026-11-29T01:00:00Z", "", Health.Degraded, "Missing", "no backup of this schedule has completed")]
    [InlineData("Completed", "2026-11-24T01:00:00Z", "", Health.Degraded, "Missing", "the next was due at 2026-11-25 01:00:00Z")]
    [InlineData("Completed", "2026-11-29T01:00:00Z", "\"paused\":true,", Health.Degraded, "Missing", "paused")]
    public async Task A_schedule_that_makes_no_backups_any_more_is_shown_as_missing(string phase, string started, string spec, Health health, string shown, string note)
    {
        Put("schedules", "platform", "nightly", $$"""{"spec":{ {{spec}} "schedule":"0 1 * * *","template":{"includedNamespaces":["payments"]} } }""");
        Put("backups", "platform", "nightly-1", $$"""
            {"metadata":{"labels":{"velero.io/schedule-name":"nightly"} },"spec":{"includedNamespaces":["payments"]},"status":{"phase":"{{phase}}","startTimestamp":"{{started}}","completionTimestamp":"{{started}}","expiration":"2027-01-01T00:00:00Z","errors":0} }
            """);
        var first = (await Views.ReadBackupsAsync(default)).Items[0];
        Assert.Equal((health, shown, "nightly"), (first.Health, first.Phase, first.Schedule));
        Assert.Contains(note, first.Note, StringComparison.Ordinal);
        var status = await Views.ReadClusterAsync(default);
        Assert.Equal(health == Health.Healthy ? 0 : 1, status.Findings.Count(finding => finding.StartsWith("backup nightly: Missing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_schedule_that_velero_refuses_says_why()
    {
        Put("schedules", "platform", "nightly", """{"spec":{"schedule":"every night","template":{}},"status":{"phase":"FailedValidation","validationErrors":["invalid schedule"]}}""");
        Assert.Contains("invalid schedule", Assert.Single((await Views.ReadBackupsAsync(default)).Items).Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InProgress", Health.Healthy)]
    [InlineData("PartiallyFailed", Health.Degraded)]
    [InlineData("FailedValidation", Health.Critical)]
    [InlineData("SomethingNew", Health.Critical)]
    public async Task A_backup_by_hand_has_the_health_of_its_phase(string phase, Health health)
    {
        Put("backups", "platform", "by-hand", $$"""{"spec":{},"status":{"phase":"{{phase}}","errors":2,"warnings":1,"failureReason":"the bucket"} }""");
        var backup = Assert.Single((await Views.ReadBackupsAsync(default)).Items);
        Assert.Equal((health, "", 2, 1, "the bucket"), (backup.Health, backup.Schedule, backup.Errors, backup.Warnings, backup.Note));
    }

    [Fact]
    public async Task Without_aws_data_the_screen_names_what_is_not_known_and_shows_the_rest()
    {
        var faults = new Faults { BeforeCall = (_, call) => call.StartsWith("RDS", StringComparison.Ordinal) ? new HaClusterException(FailureKind.PermissionDenied, call, "", "permission missing: rds:DescribeDBClusters", "") : null };
        var status = await new ClusterViews(Process(faults).Session).ReadClusterAsync(default);
        Assert.Equal("databases", Assert.Single(status.Unknown).Part);
        Assert.Contains("rds:DescribeDBClusters", status.Unknown[0].Reason, StringComparison.Ordinal);
        Assert.Equal((6, 3), (status.Nodes.Ready, status.NodePools.Count));
        Assert.NotEqual(Health.Healthy, status.Health);
    }

    private void Shift(string resource, string zone, string comment) =>
        World.Shifts.Add(new() { Id = $"shift-{World.Shifts.Count}", Resource = resource, ZoneId = zone, Comment = comment, ExpiresAt = new DateTimeOffset(2026, 11, 29, 5, 0, 0, TimeSpan.Zero) });
}
