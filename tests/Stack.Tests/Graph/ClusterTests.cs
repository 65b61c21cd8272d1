using System.Text;
using System.Text.Json;
using HaCluster.Stack.Cluster;
using HaCluster.Stack.Nodes;
using Pulumi;

namespace HaCluster.Stack.Tests.Graph;

public class ClusterTests
{
    [Fact]
    public async Task The_api_is_private_unless_networks_are_named()
    {
        var closed = Assert.Single((await DeclaredCluster.FromAsync("{}")).Of("aws:eks/cluster:Cluster"));
        var open = Assert.Single((await DeclaredCluster.FromAsync("""{"cluster":{"publicAccessCidrs":["203.0.113.0/24"]}}""")).Of("aws:eks/cluster:Cluster"));

        Assert.Equal(true, closed.At("vpcConfig.endpointPrivateAccess"));
        Assert.Equal(false, closed.At("vpcConfig.endpointPublicAccess"));
        Assert.Null(closed.At("vpcConfig.publicAccessCidrs"));
        Assert.Equal(true, open.At("vpcConfig.endpointPrivateAccess"));
        Assert.Equal(["203.0.113.0/24"], open.List("vpcConfig.publicAccessCidrs"));
    }

    [Fact]
    public async Task It_is_encrypted_logged_protected_and_ready_for_a_zonal_shift()
    {
        var cluster = Assert.Single((await DeclaredCluster.FromAsync("{}")).Of("aws:eks/cluster:Cluster"));

        Assert.Equal("API", cluster.At("accessConfig.authenticationMode"));
        Assert.Equal(true, cluster.At("zonalShiftConfig.enabled"));
        Assert.Equal(true, cluster.At("deletionProtection"));
        Assert.Equal(["secrets"], cluster.List("encryptionConfig.resources"));
        Assert.Equal(5, cluster.List("enabledClusterLogTypes").Count);
    }

    [Fact]
    public async Task Each_add_on_is_pinned()
    {
        var addons = (await DeclaredCluster.FromAsync("{}")).Of("aws:eks/addon:Addon");

        Assert.Equal(
            [
                "aws-ebs-csi-driver", "coredns", "eks-node-monitoring-agent", "eks-pod-identity-agent", "kube-proxy", "metrics-server",
                "snapshot-controller", "vpc-cni",
            ],
            addons.Select(addon => addon.Name));
        Assert.All(addons, addon => Assert.Matches(@"^v\d+\.\d+\.\d+-eksbuild\.\d+\z", addon.Text("addonVersion")));
    }

    [Fact]
    public async Task What_is_told_to_run_on_system_nodes_tolerates_them()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var taint = resources.One("aws:eks/nodeGroup:NodeGroup", "system").Text("taints.0.key");

        var placed = resources.Of("aws:eks/addon:Addon")
            .Where(addon => addon.At("configurationValues") is string values && values.Contains("nodeSelector", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(3, placed.Length);
        Assert.All(placed, addon => Assert.Contains($"\"key\":\"{taint}\",\"operator\":\"Exists\"", addon.Text("configurationValues"), StringComparison.Ordinal));
        Assert.All(placed, addon => Assert.Contains("topology.kubernetes.io/zone", addon.Text("configurationValues"), StringComparison.Ordinal));
        var autoscaler = resources.One("kubernetes:helm.sh/v3:Release", "cluster-autoscaler");
        Assert.Equal(taint, autoscaler.At("values.tolerations.0.key"));
        Assert.Equal(NodePool.System, autoscaler.Map("values.nodeSelector")[NodePool.Label]);
    }

    [Fact]
    public async Task The_autoscaler_knows_the_disk_of_a_group_without_nodes()
    {
        var groups = (await DeclaredCluster.FromAsync("""{"nodePools":{"general":{"diskGiB":100,"spot":{"max":3}}}}""")).Of("aws:eks/nodeGroup:NodeGroup");

        Assert.All(groups, group => Assert.Contains(group.Texts(), text => text.Path.EndsWith("node-template/resources/ephemeral-storage", StringComparison.Ordinal)));
        var spot = Assert.Single(groups, group => group.Name == "general-spot");
        Assert.Contains(spot.Texts(), text => text.Path.EndsWith("ephemeral-storage", StringComparison.Ordinal) && text.Value == "85Gi");
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("fintech", "\"env\":[{\"name\":\"AWS_PROFILE\",\"value\":\"fintech\"}]")]
    public void A_kubeconfig_asks_as_the_profile_it_is_written_for(string? profile, string expected)
    {
        var json = ExecKubeConfig.Json("ha", "eu-central-1", "https://api", "Q0E=", profile);

        Assert.Contains(expected, json, StringComparison.Ordinal);
        Assert.Equal(profile is not null, json.Contains("AWS_PROFILE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dns_has_a_replica_for_each_zone()
    {
        var values = (await DeclaredCluster.FromAsync("""{"zones":4}""")).One("aws:eks/addon:Addon", "coredns").Text("configurationValues");

        Assert.Equal(4, JsonDocument.Parse(values).RootElement.GetProperty("autoScaling").GetProperty("minReplicas").GetInt32());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Volumes_have_a_node_group_in_each_zone(int zones)
    {
        var groups = (await DeclaredCluster.FromAsync($$"""{"zones":{{zones}}}""")).Of("aws:eks/nodeGroup:NodeGroup");

        var stateful = groups.Where(group => group.Name.StartsWith("stateful", StringComparison.Ordinal)).ToArray();
        Assert.Equal(zones, stateful.Length);
        Assert.All(stateful, group => Assert.Single(group.List("subnetIds")));
        Assert.Equal(zones, stateful.Select(group => group.List("subnetIds")[0]).Distinct().Count());
        Assert.All(groups.Except(stateful), group => Assert.Equal(zones, group.List("subnetIds").Count));
    }

    [Fact]
    public async Task A_changed_node_group_is_made_before_the_old_one_goes() =>
        Assert.All(
            (await DeclaredCluster.FromAsync("{}")).Of("aws:eks/nodeGroup:NodeGroup"),
            group => Assert.False(group.Inputs.ContainsKey("nodeGroupName"), "with a name of ours the provider deletes first"));

    [Fact]
    public async Task Spot_comes_on_top_of_a_floor_on_demand()
    {
        var groups = (await DeclaredCluster.FromAsync("""{"nodePools":{"general":{"spot":{"max":5}}}}""")).Of("aws:eks/nodeGroup:NodeGroup");

        Assert.Equal("SPOT", groups.Single(group => group.Name == "general-spot").At("capacityType"));
        Assert.Equal(3d, Convert.ToDouble(groups.Single(group => group.Name == "general").At("scalingConfig.minSize"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.DoesNotContain(await DeclaredCluster.FromAsync("{}"), resource => resource.Name == "general-spot");
    }

    [Fact]
    public async Task Nodes_keep_their_credentials_and_their_disks_are_encrypted()
    {
        var templates = (await DeclaredCluster.FromAsync("{}")).Of("aws:ec2/launchTemplate:LaunchTemplate");

        Assert.Equal(5, templates.Count);
        Assert.All(templates, template =>
        {
            Assert.Equal("required", template.At("metadataOptions.httpTokens"));
            Assert.Equal(1d, Convert.ToDouble(template.At("metadataOptions.httpPutResponseHopLimit"), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal("true", template.At("blockDeviceMappings.0.ebs.encrypted"));
            Assert.Equal("gp3", template.At("blockDeviceMappings.0.ebs.volumeType"));
            Assert.Equal(3, template.List("tagSpecifications").Count);
        });
        Assert.All((await DeclaredCluster.FromAsync("{}")).Of("aws:eks/nodeGroup:NodeGroup"), group => Assert.Equal(true, group.At("nodeRepairConfig.enabled")));
    }

    [Fact]
    public void User_data_is_one_mime_part_for_nodeadm()
    {
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(NodeUserData.Base64));
        Assert.Contains("podPidsLimit: 4096", text, StringComparison.Ordinal);
        Assert.Contains("pid.available: 10%", text, StringComparison.Ordinal);

        Assert.StartsWith("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"BOUNDARY\"\n\n--BOUNDARY\n", text, StringComparison.Ordinal);
        Assert.Contains("\nContent-Type: application/node.eks.aws\n\n---\napiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n--BOUNDARY--\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Graviton_nodes_get_an_arm_image()
    {
        var group = (await DeclaredCluster.FromAsync("""{"nodePools":{"general":{"instanceTypes":["m7g.xlarge","m6g.xlarge"]}}}"""))
            .One("aws:eks/nodeGroup:NodeGroup", "general");

        Assert.Equal("AL2023_ARM_64_STANDARD", group.At("amiType"));
    }

    [Fact]
    public async Task A_region_with_too_few_zones_is_refused_with_one_message()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => DeclaredCluster.FromAsync("""{"zones":3}""", "r-1a", "r-1b"));

        Assert.Contains("ha-cluster:zones is 3; eu-central-1 has 2 zones that EKS can use (r-1a, r-1b): set 2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_are_refused_together()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => DeclaredCluster.FromAsync("""{"zones":1,"natt":"x"}"""));

        Assert.Contains("ha-cluster:zones is 1; ", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("ha-cluster:natt is not a setting; did you mean nat?", failure.ToString(), StringComparison.Ordinal);
    }
}
