using System.Text.Json.Nodes;
using HaCluster.Account.Tests.Moto;
using HaCluster.Account.Wire;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Tests.Aws;

[CollectionDefinition(MotoCollection.Name)]
public sealed class SharedMoto : ICollectionFixture<MotoServer>;

/// <summary>Calls and shapes against moto, which is not of our making.</summary>
[Collection(MotoCollection.Name)]
public sealed class MotoTests(MotoServer moto)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableFact]
    public async Task The_caller_is_identified()
    {
        await moto.ResetAsync();
        using var aws = Open();

        var caller = await aws.Identities.IdentifyAsync(None);

        Assert.Equal("123456789012", caller.Account);
        Assert.StartsWith("arn:aws:", caller.Arn, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_cluster_and_its_node_groups_are_read_and_a_missing_cluster_is_null()
    {
        var account = await moto.ResetAsync();
        await account.SendAsync(AwsService.Eks, "POST", "/clusters", """{"name":"prod","roleArn":"arn:aws:iam::123456789012:role/eks","version":"1.30","resourcesVpcConfig":{"subnetIds":["subnet-1"]},"tags":{"Cluster":"prod"}}""");
        await account.SendAsync(
            AwsService.Eks, "POST", "/clusters/prod/node-groups",
            """{"nodegroupName":"general","nodeRole":"arn:aws:iam::123456789012:role/node","subnets":["subnet-1"],"scalingConfig":{"minSize":2,"desiredSize":3,"maxSize":6},"labels":{"ha-cluster/pool":"general"},"capacityType":"SPOT","instanceTypes":["m7i.large"]}""");
        using var aws = Open();

        var cluster = await aws.Eks.FindClusterAsync("prod", None);
        var group = Assert.Single(await aws.Eks.ListNodeGroupsAsync("prod", None));

        Assert.Equal(("prod", "prod"), (cluster!.Name, cluster.Tags["Cluster"]));
        Assert.EndsWith(":cluster/prod", cluster.Arn, StringComparison.Ordinal);
        Assert.Equal(("general", 2, 3, 6, "SPOT", "general"), (group.Name, group.Min, group.Desired, group.Max, group.CapacityType, group.Labels["ha-cluster/pool"]));
        Assert.Equal("m7i.large", Assert.Single(group.InstanceTypes));
        Assert.Null(await aws.Eks.FindClusterAsync("other", None));
    }

    [SkippableFact]
    public async Task An_auto_scaling_group_is_read_resized_and_its_processes_suspended()
    {
        var account = await moto.ResetAsync();
        await account.CallAsync(
            AwsService.AutoScaling, "CreateLaunchConfiguration", ("LaunchConfigurationName", "c"), ("ImageId", "ami-12c6146b"), ("InstanceType", "t3.micro"));
        await account.CallAsync(
            AwsService.AutoScaling, "CreateAutoScalingGroup", ("AutoScalingGroupName", "g"), ("LaunchConfigurationName", "c"), ("MinSize", "1"), ("MaxSize", "4"), ("DesiredCapacity", "1"),
            ("AvailabilityZones.member.1", "eu-central-1a"), ("Tags.member.1.Key", "kubernetes.io/cluster/prod"), ("Tags.member.1.Value", "owned"),
            ("Tags.member.1.PropagateAtLaunch", "true"), ("Tags.member.1.ResourceId", "g"), ("Tags.member.1.ResourceType", "auto-scaling-group"));
        using var aws = Open();

        await aws.AutoScaling.SetDesiredAsync("g", 3, None);
        await aws.AutoScaling.SuspendAsync("g", ["AZRebalance", "Launch"], None);
        var group = Assert.Single(await aws.AutoScaling.ListAsync("prod", [], None));
        await aws.AutoScaling.TerminateAsync(group.Instances[0].Id, decrement: true, None);
        await aws.AutoScaling.ResumeAsync("g", ["Launch"], None);
        var after = Assert.Single(await aws.AutoScaling.ListAsync("prod", ["g"], None));

        Assert.Equal((3, 3), (group.Desired, group.Instances.Length));
        Assert.Equal(["AZRebalance", "Launch"], group.SuspendedProcesses.Order());
        Assert.All(group.Instances, instance => Assert.Equal(("eu-central-1a", "InService"), (instance.Zone, instance.Lifecycle)));
        Assert.Equal((2, "AZRebalance"), (after.Desired, Assert.Single(after.SuspendedProcesses)));
        Assert.Empty(await aws.AutoScaling.ListAsync("another", [], None));
    }

    [SkippableFact]
    public async Task Instances_are_found_by_cluster_and_by_id_and_stopped_and_terminated()
    {
        var account = await moto.ResetAsync();
        var made = await account.Ec2Async(
            "RunInstances", ("ImageId", "ami-12c6146b"), ("InstanceType", "m5.large"), ("MinCount", "2"), ("MaxCount", "2"), ("Placement.AvailabilityZone", "eu-central-1b"),
            ("TagSpecification.1.ResourceType", "instance"), ("TagSpecification.1.Tag.1.Key", "kubernetes.io/cluster/prod"), ("TagSpecification.1.Tag.1.Value", "owned"));
        var ids = made.List("instancesSet").Select(one => one.Text("instanceId")!).ToList();
        using var aws = Open();

        Assert.Equal(ids.Order(), (await aws.Ec2.ListInstancesAsync("prod", None)).Select(one => one.Id).Order());
        Assert.Empty(await aws.Ec2.ListInstancesAsync("other", None));
        await aws.Ec2.StopAsync([ids[0]], force: true, None);
        await aws.Ec2.TerminateAsync([ids[1]], None);
        var found = await aws.Ec2.FindInstancesAsync([ids[0], ids[1], "i-00000000000000000"], None);

        Assert.Equal(2, found.Length);
        Assert.All(found, instance => Assert.True(instance.IsStopped));
        Assert.All(found, instance => Assert.Equal(("eu-central-1b", "m5.large"), (instance.Zone, instance.Type)));
    }

    [SkippableFact]
    public async Task Zones_have_ids_and_the_network_is_read()
    {
        var account = await moto.ResetAsync();
        var vpc = (await account.Ec2Async("CreateVpc", ("CidrBlock", "10.1.0.0/16"))).Text("vpc", "vpcId")!;
        var subnet = (await account.Ec2Async("CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.1.1.0/24"), ("AvailabilityZone", "eu-central-1a"))).Text("subnet", "subnetId")!;
        var address = (await account.Ec2Async("AllocateAddress", ("Domain", "vpc"))).Text("allocationId")!;
        var nat = (await account.Ec2Async("CreateNatGateway", ("SubnetId", subnet), ("AllocationId", address))).Text("natGateway", "natGatewayId")!;
        var table = (await account.Ec2Async("CreateRouteTable", ("VpcId", vpc))).Text("routeTable", "routeTableId")!;
        await account.Ec2Async("CreateRoute", ("RouteTableId", table), ("DestinationCidrBlock", "0.0.0.0/0"), ("NatGatewayId", nat));
        await account.Ec2Async("AssociateRouteTable", ("RouteTableId", table), ("SubnetId", subnet));
        using var aws = Open();

        Assert.Contains(await aws.Ec2.ListZonesAsync(None), zone => zone is { Name: "eu-central-1a", State: "available" } && zone.Id.StartsWith("euc1-az", StringComparison.Ordinal));
        Assert.Equal((subnet, "eu-central-1a"), (await aws.Ec2.ListSubnetsAsync(vpc, None)).Select(one => (one.Id, one.Zone)).Single());
        Assert.Equal((nat, "available", subnet), (await aws.Ec2.ListNatGatewaysAsync(vpc, None)).Select(one => (one.Id, one.State, one.SubnetId)).Single());
        var own = (await aws.Ec2.ListRouteTablesAsync(vpc, None)).Single(one => one.Id == table);
        Assert.Equal(subnet, Assert.Single(own.SubnetIds));
        Assert.Contains(own.Routes, route => route.Destination == "0.0.0.0/0" && route.Target == nat);
    }

    [SkippableFact]
    public async Task A_database_fails_over_to_the_instance_that_is_named()
    {
        var account = await moto.ResetAsync();
        await account.CallAsync(
            AwsService.Rds, "CreateDBCluster", ("DBClusterIdentifier", "prod-postgresql"), ("Engine", "aurora-postgresql"), ("MasterUsername", "root"), ("MasterUserPassword", "not-a-secret"),
            ("Tags.Tag.1.Key", "Cluster"), ("Tags.Tag.1.Value", "prod"));
        foreach (var name in new[] { "one", "two" })
        {
            await account.CallAsync(
                AwsService.Rds, "CreateDBInstance", ("DBInstanceIdentifier", name), ("DBClusterIdentifier", "prod-postgresql"), ("Engine", "aurora-postgresql"), ("DBInstanceClass", "db.r6g.large"));
        }

        foreach (var (name, cluster) in new[] { ("reports", "prod"), ("theirs", "other") })
        {
            await account.CallAsync(
                AwsService.Rds, "CreateDBInstance", ("DBInstanceIdentifier", name), ("Engine", "postgres"), ("DBInstanceClass", "db.r6g.large"), ("MasterUsername", "root"),
                ("MasterUserPassword", "not-a-secret"), ("Tags.Tag.1.Key", "Cluster"), ("Tags.Tag.1.Value", cluster));
        }

        using var aws = Open();

        Assert.Equal("reports", Assert.Single(await aws.Databases.ListSingleInstancesAsync("prod", None)));
        var before = Assert.Single(await aws.Databases.ListAsync("prod", [], None));
        var reader = before.Members.First(member => !member.IsWriter).Identifier;
        await aws.Databases.FailOverAsync("prod-postgresql", reader, None);
        var after = await aws.Databases.FindAsync("prod-postgresql", None);

        Assert.Equal(2, before.Members.Length);
        Assert.All(before.Members, member => Assert.Equal("db.r6g.large", member.InstanceClass));
        Assert.Equal(reader, after!.Writer!.Identifier);
        Assert.Single(await aws.Databases.ListAsync("other", ["prod-postgresql"], None));
        Assert.Empty(await aws.Databases.ListAsync("other", [], None));
        Assert.Null(await aws.Databases.FindAsync("none", None));
    }

    [SkippableFact]
    public async Task A_load_balancer_of_the_cluster_and_the_health_of_its_targets_are_read()
    {
        var account = await moto.ResetAsync();
        var vpc = (await account.Ec2Async("CreateVpc", ("CidrBlock", "10.1.0.0/16"))).Text("vpc", "vpcId")!;
        var subnet = (await account.Ec2Async("CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.1.1.0/24"), ("AvailabilityZone", "eu-central-1a"))).Text("subnet", "subnetId")!;
        var balancer = (await account.CallAsync(
            AwsService.LoadBalancing, "CreateLoadBalancer", ("Name", "edge"), ("Type", "network"), ("Subnets.member.1", subnet),
            ("Tags.member.1.Key", "elbv2.k8s.aws/cluster"), ("Tags.member.1.Value", "prod"))).List("LoadBalancers").Single().Text("LoadBalancerArn")!;
        var group = (await account.CallAsync(
            AwsService.LoadBalancing, "CreateTargetGroup", ("Name", "web"), ("Protocol", "TCP"), ("Port", "443"), ("VpcId", vpc), ("TargetType", "ip"),
            ("Tags.member.1.Key", "elbv2.k8s.aws/cluster"), ("Tags.member.1.Value", "prod"))).List("TargetGroups").Single().Text("TargetGroupArn")!;
        await account.CallAsync(
            AwsService.LoadBalancing, "CreateListener", ("LoadBalancerArn", balancer), ("Protocol", "TCP"), ("Port", "443"),
            ("DefaultActions.member.1.Type", "forward"), ("DefaultActions.member.1.TargetGroupArn", group));
        await account.CallAsync(AwsService.LoadBalancing, "RegisterTargets", ("TargetGroupArn", group), ("Targets.member.1.Id", "10.1.1.7"), ("Targets.member.1.Port", "443"));
        using var aws = Open();

        Assert.Equal(("edge", "network"), (await aws.LoadBalancers.ListAsync("prod", None)).Select(one => (one.Name, one.Type)).Single());
        Assert.Empty(await aws.LoadBalancers.ListAsync("other", None));
        Assert.Equal("web", Assert.Single(await aws.LoadBalancers.ListTargetGroupsAsync(balancer, None)).Name);
        Assert.Equal(group, Assert.Single(await aws.LoadBalancers.ListTargetGroupsOfClusterAsync("prod", None)).Arn);
        Assert.Equal(("10.1.1.7", 443), (await aws.LoadBalancers.ReadHealthAsync(group, None)).Select(one => (one.Target, one.Port)).Single());
    }

    [SkippableFact]
    public async Task What_a_cluster_left_behind_is_listed()
    {
        var account = await moto.ResetAsync();
        var ours = (await account.Ec2Async(
            "CreateVolume", ("AvailabilityZone", "eu-central-1a"), ("Size", "8"), ("TagSpecification.1.ResourceType", "volume"),
            ("TagSpecification.1.Tag.1.Key", "kubernetes.io/cluster/prod"), ("TagSpecification.1.Tag.1.Value", "owned"))).Text("volumeId")!;
        await account.Ec2Async("CreateVolume", ("AvailabilityZone", "eu-central-1a"), ("Size", "8"));
        using var aws = Open();

        Assert.Equal(new TaggedResource("volume", ours, "", "available"), Assert.Single(await aws.Ec2.ListLeftoversAsync("prod", None)));
        Assert.Equal((ours, 8, "eu-central-1a"), (await aws.Ec2.ListVolumesAsync("prod", None)).Select(one => (one.Id, one.GiB, one.Zone)).Single());
    }

    [SkippableFact]
    public async Task A_snapshot_of_a_database_is_taken_found_and_listed_by_its_tag()
    {
        var account = await moto.ResetAsync();
        await account.CallAsync(
            AwsService.Rds, "CreateDBCluster", ("DBClusterIdentifier", "prod-postgresql"), ("Engine", "aurora-postgresql"), ("MasterUsername", "root"), ("MasterUserPassword", "not-a-secret"));
        using var aws = Open();

        Assert.Null(await aws.Databases.FindSnapshotAsync("manual-1", None));
        await aws.Databases.CreateSnapshotAsync("prod-postgresql", "manual-1", new Dictionary<string, string> { ["Cluster"] = "prod", ["ha-cluster/operation"] = "o" }, None);
        await aws.Databases.CreateSnapshotAsync("prod-postgresql", "theirs", new Dictionary<string, string> { ["Cluster"] = "other" }, None);
        var again = await Assert.ThrowsAsync<HaClusterException>(() => aws.Databases.CreateSnapshotAsync("prod-postgresql", "manual-1", new Dictionary<string, string>(), None));

        Assert.Equal(("manual-1", "prod-postgresql", "available"), (await aws.Databases.FindSnapshotAsync("manual-1", None)) is { } found ? (found.Identifier, found.Database, found.Status) : default);
        Assert.Equal("manual-1", Assert.Single(await aws.Databases.ListSnapshotsAsync("prod", None)).Identifier);
        Assert.Equal(FailureKind.AlreadyExists, again.Kind);
    }

    [SkippableFact]
    public async Task Log_groups_are_found_by_tag_and_by_the_name_that_aws_gave_them_over_several_pages()
    {
        var account = await moto.ResetAsync();
        using var connection = new AwsConnection(MotoAccount.Region, MotoServer.Credentials, moto.Endpoint);
        // Its answer has no body, which is none of JSON.
        async Task MakeAsync(string name, string? cluster = null) => await Assert.ThrowsAsync<AwsCallException>(() => connection.Json(AwsService.Logs).CallAsync(
            "CreateLogGroup", new JsonObject { ["logGroupName"] = name, ["tags"] = cluster is null ? new JsonObject() : new JsonObject { ["Cluster"] = cluster } }, None));
        for (var at = 0; at < 55; at++)
            await MakeAsync($"/aws/lambda/other-{at:00}");
        await MakeAsync("zz-tagged", "prod");
        await MakeAsync("/aws/eks/prod/cluster");
        await MakeAsync("/aws/eks/prod-2/cluster", "prod-2");
        using var aws = Open();

        Assert.NotNull(account);
        Assert.Equal(["/aws/eks/prod/cluster", "zz-tagged"], (await aws.LogGroups.ListAsync("prod", None)).ToArray());
        Assert.Empty(await aws.LogGroups.ListAsync("absent", None));
    }

    [SkippableFact]
    public async Task Search_domains_of_the_cluster_are_read_with_their_layout()
    {
        var account = await moto.ResetAsync();
        async Task Make(string name, string cluster, string config) => await account.SendAsync(
            AwsService.OpenSearch, "POST", "/2021-01-01/opensearch/domain", $$"""{"DomainName":"{{name}}","ClusterConfig":{{config}},"TagList":[{"Key":"Cluster","Value":"{{cluster}}"}]}""");
        await Make("prod", "prod", """{"InstanceCount":3,"DedicatedMasterEnabled":true,"DedicatedMasterCount":3,"ZoneAwarenessEnabled":true,"ZoneAwarenessConfig":{"AvailabilityZoneCount":3}}""");
        await Make("single", "prod", """{"InstanceCount":1,"DedicatedMasterEnabled":false,"ZoneAwarenessEnabled":false}""");
        await Make("theirs", "other", """{"InstanceCount":1}""");
        using var aws = Open();

        Assert.Equal(
            [new SearchDomainLayout("prod", 3, 3, 3, false), new SearchDomainLayout("single", 1, 0, 1, false)],
            (await aws.SearchDomains.ListAsync("prod", None)).OrderBy(domain => domain.Name, StringComparer.Ordinal));
        Assert.Empty(await aws.SearchDomains.ListAsync("absent", None));
    }

    [SkippableFact]
    public async Task A_metric_has_its_newest_value_or_none()
    {
        var account = await moto.ResetAsync();
        await account.CallAsync(
            AwsService.CloudWatch, "PutMetricData", ("Namespace", "AWS/RDS"), ("MetricData.member.1.MetricName", "AuroraReplicaLag"), ("MetricData.member.1.Value", "12.5"),
            ("MetricData.member.1.Dimensions.member.1.Name", "DBInstanceIdentifier"), ("MetricData.member.1.Dimensions.member.1.Value", "two"));
        using var aws = Open();
        var dimensions = new Dictionary<string, string> { ["DBInstanceIdentifier"] = "two" };

        Assert.Equal(12.5, (await aws.Metrics.FindLatestAsync("AWS/RDS", "AuroraReplicaLag", dimensions, "Average", TimeSpan.FromHours(1), None))?.Value);
        Assert.Null(await aws.Metrics.FindLatestAsync("AWS/RDS", "Nothing", dimensions, "Average", TimeSpan.FromHours(1), None));
    }

    private AwsServices Open() => AwsWire.Open(MotoAccount.Region, MotoServer.Credentials, moto.Endpoint);
}
