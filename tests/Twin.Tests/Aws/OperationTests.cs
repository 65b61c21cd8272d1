using System.Text.Json.Nodes;
using HaCluster.Account.Wire;
using HaCluster.Twin.Aws;
using HaCluster.Twin.Tests.World;
using static HaCluster.Twin.Tests.World.SteppedWorld;

namespace HaCluster.Twin.Tests.Aws;

/// <summary>The other calls that the operation of a cluster makes.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task A_zonal_shift_cordons_the_zone_and_takes_its_endpoints_away_until_it_is_cancelled()
    {
        await using var account = await TwinAccount.OverAsync(Small(1, Manifest.Deployment("web", 3), Manifest.Service("web")));
        var (world, shifts) = (account.World, account.Connection.Rest(TwinAccount.ZonalShift));
        var resources = await shifts.GetAsync("ListManagedResources", "/managedresources", CancellationToken.None);
        var arn = resources.GetProperty("items")[0].GetProperty("arn").GetString()!;
        Assert.Equal(3, Endpoints(world));

        var shift = await SendAsync(account, "POST", "/zonalshifts", $$"""{"resourceIdentifier": "{{arn}}", "awayFrom": "euc1-az2", "expiresIn": "2h", "comment": "drill"}""");
        Assert.Equal("ACTIVE", (string?)shift["status"]);
        var shifted = Assert.Single(world.Nodes, node => node.Find("spec", "unschedulable") is not null);
        Assert.Equal("eu-central-1a", shifted.Labels["topology.kubernetes.io/zone"]);
        Assert.Equal(2, Endpoints(world));

        await SendAsync(account, "DELETE", $"/zonalshifts/{shift["zonalShiftId"]}", null);
        Assert.DoesNotContain(world.Nodes, node => node.Find("spec", "unschedulable") is not null);
        Assert.Equal(3, Endpoints(world));
    }

    [Fact]
    public async Task A_zonal_shift_expires_by_itself()
    {
        await using var account = await TwinAccount.OverAsync(Small());
        await SendAsync(account, "POST", "/zonalshifts", """{"resourceIdentifier": "small", "awayFrom": "euc1-az2", "expiresIn": "10m", "comment": "drill"}""");

        account.World.Pass(599);
        Assert.Contains(account.World.Nodes, node => node.Find("spec", "unschedulable") is not null);
        account.World.Pass(2);
        Assert.DoesNotContain(account.World.Nodes, node => node.Find("spec", "unschedulable") is not null);
    }

    [Fact]
    public async Task A_failover_moves_the_writer_of_a_database()
    {
        await using var account = await TwinAccount.OverAsync(await OfStackAsync("prod"));
        var rds = account.Connection.Query(AwsService.Rds);
        var name = account.World.World.Plan.Model.Databases[0].Name;
        var before = await WriterAsync(rds, name);

        await rds.CallAsync("FailoverDBCluster", [("DBClusterIdentifier", name)], CancellationToken.None);
        Assert.Equal(before, await WriterAsync(rds, name));
        account.World.Pass(31);
        Assert.NotEqual(before, await WriterAsync(rds, name));
    }

    [Fact]
    public async Task A_larger_group_launches_nodes_and_a_smaller_one_drains_them_first()
    {
        await using var account = await TwinAccount.OverAsync(Small(2));
        var groups = account.Connection.Query(TwinAccount.AutoScaling);
        var group = (await groups.CallAsync("DescribeAutoScalingGroups", [], CancellationToken.None)).Descendants().First(one => one.Name.LocalName == "AutoScalingGroupName").Value;

        await groups.CallAsync("SetDesiredCapacity", [("AutoScalingGroupName", group), ("DesiredCapacity", "3")], CancellationToken.None);
        account.World.Pass(100);
        Assert.Equal(7, account.World.Nodes.Count(IsReady));
        await groups.CallAsync("UpdateAutoScalingGroup", [("AutoScalingGroupName", group), ("MinSize", "1"), ("DesiredCapacity", "1")], CancellationToken.None);
        account.World.Pass(100);
        Assert.Equal(5, account.World.Nodes.Count);

        var refused = await Assert.ThrowsAsync<AwsCallException>(() => groups.CallAsync("SetDesiredCapacity", [("AutoScalingGroupName", group), ("DesiredCapacity", "50")], CancellationToken.None));
        Assert.Equal("ValidationError", refused.Code);
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        await using var account = await TwinAccount.OverAsync(Small(3));
        var pages = new List<int>();
        await foreach (var page in account.Connection.Query(AwsService.Ec2).PagesAsync("DescribeInstances", [("MaxResults", "5")], "nextToken", "NextToken", CancellationToken.None))
            pages.Add(page.Descendants().Count(element => element.Name.LocalName == "instanceId"));

        Assert.Equal([5, 4], pages);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        await using var account = await TwinAccount.OverAsync(Small());
        using var stranger = TwinAccount.Connect(account.Server, account.Server.Key with { Secret = "wrong" });

        var ofQuery = await Assert.ThrowsAsync<AwsCallException>(() => stranger.Query(AwsService.Sts).CallAsync("GetCallerIdentity", [], CancellationToken.None));
        Assert.Equal("SignatureDoesNotMatch", ofQuery.Code);
        var ofEc2 = await Assert.ThrowsAsync<AwsCallException>(() => stranger.Query(AwsService.Ec2).CallAsync("DescribeInstances", [], CancellationToken.None));
        Assert.Equal("AuthFailure", ofEc2.Code);
        var ofRest = await Assert.ThrowsAsync<AwsCallException>(() => stranger.Rest(AwsService.Eks).GetAsync("ListClusters", "/clusters", CancellationToken.None));
        Assert.Equal("InvalidSignatureException", ofRest.Code);
    }

    [Fact]
    public async Task Faults_are_answered_as_often_as_asked_for()
    {
        await using var account = await TwinAccount.OverAsync(Small());
        account.Server.Faults.Add(AwsFault.Expired with { Service = "sts" });

        var refused = await Assert.ThrowsAsync<AwsCallException>(() => account.Connection.Query(AwsService.Sts).CallAsync("GetCallerIdentity", [], CancellationToken.None));
        Assert.Equal("ExpiredToken", refused.Code);
        Assert.NotNull(await account.Connection.Query(AwsService.Sts).CallAsync("GetCallerIdentity", [], CancellationToken.None));
    }

    private static int Endpoints(SteppedWorld world) => world.Get("endpoints", "shop", "web").Find("subsets")!.Value.EnumerateArray().Sum(subset => subset.GetProperty("addresses").GetArrayLength());

    private static async Task<string> WriterAsync(QueryProtocol rds, string name) =>
        (await rds.CallAsync("DescribeDBClusters", [("DBClusterIdentifier", name)], CancellationToken.None)).Descendants()
            .Where(member => member.Name.LocalName == "DBClusterMember")
            .Single(member => member.Elements().Any(one => one.Name.LocalName == "IsClusterWriter" && one.Value == "true"))
            .Elements().Single(one => one.Name.LocalName == "DBInstanceIdentifier").Value;

    /// <summary>The wire of this branch has only GET for REST services: signed by hand here.</summary>
    private static async Task<JsonObject> SendAsync(TwinAccount account, string method, string path, string? body)
    {
        using var client = new HttpClient();
        using var request = SignedRequest.Make(account.Server, "arc-zonal-shift", method, path, body ?? "");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
