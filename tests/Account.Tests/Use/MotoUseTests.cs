using System.Xml.Linq;
using HaCluster.Account.Tests.Moto;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Tests.Use;

/// <summary>What is made in moto is counted, and what carries the cluster's tags or names is told apart.</summary>
[Collection(MotoCollection.Name)]
public sealed class MotoUseTests(MotoServer moto)
{
    [SkippableFact]
    public async Task Addresses_networks_and_gateways_are_counted()
    {
        var account = await moto.ResetAsync();
        var before = await account.UseAsync();
        await account.Ec2Async("AllocateAddress", ("Domain", "vpc"));
        await account.Ec2Async("AllocateAddress", ("Domain", "vpc"));
        await account.OursAsync("AllocateAddress", "elastic-ip", ("Domain", "vpc"));
        await account.Ec2Async("CreateVpc", ("CidrBlock", "10.1.0.0/16"));
        await account.OursAsync("CreateInternetGateway", "internet-gateway");
        var after = await account.UseAsync();
        Assert.Equal((3, 1, 2), (after["L-0263D0A3"].Total, after["L-0263D0A3"].Ours, after["L-0263D0A3"].Others));
        Assert.Equal((before["L-F678F1CE"].Total + 1, 0), (after["L-F678F1CE"].Total, after["L-F678F1CE"].Ours));
        Assert.Equal((before["L-A4707A72"].Total + 1, 1), (after["L-A4707A72"].Total, after["L-A4707A72"].Ours));
    }

    [SkippableFact]
    public async Task Of_NAT_gateways_the_zone_with_the_most_of_others_counts()
    {
        var account = await moto.ResetAsync();
        var vpc = Id(await account.OursAsync("CreateVpc", "vpc", ("CidrBlock", "10.1.0.0/16")), "vpc", "vpcId");
        var a = Id(await account.Ec2Async("CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.1.1.0/24"), ("AvailabilityZone", "eu-central-1a")), "subnet", "subnetId");
        var b = Id(await account.Ec2Async("CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.1.2.0/24"), ("AvailabilityZone", "eu-central-1b")), "subnet", "subnetId");
        await account.OursAsync("CreateNatGateway", "natgateway", ("SubnetId", a), ("ConnectivityType", "private"));
        await account.OursAsync("CreateNatGateway", "natgateway", ("SubnetId", a), ("ConnectivityType", "private"));
        await account.Ec2Async("CreateNatGateway", ("SubnetId", b), ("ConnectivityType", "private"));
        var use = (await account.UseAsync())["L-FE5A380F"];
        Assert.Equal((1, 0), (use.Others, use.Ours));
    }

    [SkippableFact]
    public async Task What_is_in_the_clusters_own_network_is_the_clusters()
    {
        var account = await moto.ResetAsync();
        var ours = Id(await account.OursAsync("CreateVpc", "vpc", ("CidrBlock", "10.1.0.0/16")), "vpc", "vpcId");
        var before = (await account.UseAsync())["L-E79EC296"];
        await account.Ec2Async("CreateSecurityGroup", ("GroupName", "made-by-eks"), ("GroupDescription", "x"), ("VpcId", ours));
        var after = (await account.UseAsync())["L-E79EC296"];
        Assert.Equal((before.Total + 1, before.Ours + 1), (after.Total, after.Ours));
    }

    [SkippableFact]
    public async Task Running_instances_count_with_the_vCPUs_of_their_type_against_the_quota_of_their_family()
    {
        var account = await moto.ResetAsync();
        await account.OursAsync("RunInstances", "instance", Of("m5.xlarge", 2));
        await account.Ec2Async("RunInstances", Of("c5.2xlarge", 1));
        await account.Ec2Async("RunInstances", Of("g4dn.xlarge", 1));
        var stopped = Id((await account.Ec2Async("RunInstances", Of("m5.xlarge", 1))).List("instancesSet").Single(), "instanceId");
        await account.Ec2Async("StopInstances", ("InstanceId.1", stopped));
        var use = await account.UseAsync();
        Assert.Equal((16, 8, 8), (use["L-1216C47A"].Total, use["L-1216C47A"].Ours, use["L-1216C47A"].Others));
        Assert.Equal((4, 0), (use["L-DB2E81BA"].Total, use["L-34B43A08"].Total));
    }

    [SkippableFact]
    public async Task Volumes_count_in_TiB_by_type()
    {
        var account = await moto.ResetAsync();
        await account.Ec2Async("CreateVolume", ("AvailabilityZone", "eu-central-1a"), ("Size", "1024"), ("VolumeType", "gp3"));
        await account.OursAsync("CreateVolume", "volume", ("AvailabilityZone", "eu-central-1a"), ("Size", "512"), ("VolumeType", "gp3"));
        await account.Ec2Async("CreateVolume", ("AvailabilityZone", "eu-central-1a"), ("Size", "256"), ("VolumeType", "io2"), ("Iops", "1000"));
        var use = await account.UseAsync();
        Assert.Equal((1.5m, 0.5m, 1m), (use["L-7A658B76"].Total, use["L-7A658B76"].Ours, use["L-7A658B76"].Others));
        Assert.Equal(0.25m, use["L-09BD8365"].Total);
    }

    [SkippableFact]
    public async Task Load_balancers_count_by_type_and_are_distinguished_by_their_tags()
    {
        var account = await moto.ResetAsync();
        var vpc = Id(await account.Ec2Async("CreateVpc", ("CidrBlock", "10.1.0.0/16")), "vpc", "vpcId");
        var subnet = Id(await account.Ec2Async("CreateSubnet", ("VpcId", vpc), ("CidrBlock", "10.1.1.0/24")), "subnet", "subnetId");
        foreach (var (name, type, cluster) in new[] { ("one", "network", MotoAccount.Cluster), ("two", "network", "other"), ("three", "application", "other") })
        {
            await account.CallAsync(
                AwsService.LoadBalancing, "CreateLoadBalancer", ("Name", name), ("Type", type), ("Subnets.member.1", subnet),
                ("Tags.member.1.Key", "elbv2.k8s.aws/cluster"), ("Tags.member.1.Value", cluster));
        }

        await account.CallAsync(AwsService.LoadBalancing, "CreateTargetGroup", ("Name", "targets"), ("Protocol", "TCP"), ("Port", "80"), ("VpcId", vpc));
        var use = await account.UseAsync();
        Assert.Equal((2, 1), (use["L-69A177A2"].Total, use["L-69A177A2"].Ours));
        Assert.Equal((1, 0), (use["L-53DA6B97"].Total, use["L-53DA6B97"].Ours));
        Assert.Equal((1, 0), (use["L-B22855CB"].Total, use["L-B22855CB"].Ours));
    }

    [SkippableFact]
    public async Task Databases_are_distinguished_by_tags()
    {
        var account = await moto.ResetAsync();
        await account.CallAsync(
            AwsService.Rds, "CreateDBCluster", ("DBClusterIdentifier", "ours"), ("Engine", "aurora-postgresql"), ("MasterUsername", "someone"), ("MasterUserPassword", "not-a-secret"),
            ("Tags.Tag.1.Key", "Cluster"), ("Tags.Tag.1.Value", MotoAccount.Cluster));
        for (var i = 0; i < 2; i++)
        {
            await account.CallAsync(
                AwsService.Rds, "CreateDBInstance", ("DBInstanceIdentifier", $"theirs-{i}"), ("DBInstanceClass", "db.t3.micro"), ("Engine", "postgres"),
                ("AllocatedStorage", "20"), ("MasterUsername", "someone"), ("MasterUserPassword", "not-a-secret"));
        }

        var use = await account.UseAsync();
        Assert.Equal((2, 0), (use["L-7B6409FD"].Total, use["L-7B6409FD"].Ours));
        Assert.Equal((1, 1), (use["L-952B80B8"].Total, use["L-952B80B8"].Ours));
    }

    [SkippableFact]
    public async Task Clusters_roles_and_buckets_are_distinguished_by_name()
    {
        var account = await moto.ResetAsync();
        foreach (var name in new[] { MotoAccount.Cluster, "another" })
        {
            await account.SendAsync(
                AwsService.Eks, "POST", "/clusters",
                $$"""{"name":"{{name}}","roleArn":"arn:aws:iam::123456789012:role/x","resourcesVpcConfig":{"subnetIds":["subnet-1"]} }""");
            await account.CallAsync(AwsService.Iam, "CreateRole", ("RoleName", $"{name}-node"), ("AssumeRolePolicyDocument", "{}"));
        }

        await account.SendAsync(
            AwsService.S3, "PUT", "/some-bucket", "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>");
        var use = await account.UseAsync($"{MotoAccount.Cluster}-node", "some-bucket");
        Assert.Equal((2, 1), (use["L-1194D53C"].Total, use["L-1194D53C"].Ours));
        Assert.Equal((2, 1), (use["L-FE177D64"].Total, use["L-FE177D64"].Ours));
        Assert.Equal((1, 1), (use["L-DC2B2D3D"].Total, use["L-DC2B2D3D"].Ours));
    }

    [SkippableFact]
    public async Task Nothing_is_left_unread()
    {
        var account = await moto.ResetAsync();
        Assert.Empty((await account.UseAsync()).Values.Where(use => use.Total is null).Select(use => $"{use.QuotaCode}: {use.Unread}"));
    }

    private static (string, string)[] Of(string type, int count) =>
        [("ImageId", "ami-12c6146b"), ("InstanceType", type), ("MinCount", $"{count}"), ("MaxCount", $"{count}")];

    private static string Id(XElement element, params string[] path) => element.Text(path)!;
}
