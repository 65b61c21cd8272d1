using HaCluster.Account.Wire;
using HaCluster.Twin.Tests.World;
using static HaCluster.Twin.Tests.World.SteppedWorld;

namespace HaCluster.Twin.Tests.Aws;

/// <summary>Instances that are terminated and stopped through EC2, and what the cluster does then.</summary>
public sealed class InstanceTests
{
    [Fact]
    public async Task A_terminated_instance_makes_its_node_not_ready_in_time_and_its_pods_move()
    {
        await using var account = await TwinAccount.OverAsync(Small(2, Manifest.Deployment("web", 3)));
        var world = account.World;
        var victim = NodeOf(world.Pods("shop", "web")[0]);
        var instance = account.InstanceOf(victim);

        await account.Connection.Query(AwsService.Ec2).CallAsync("TerminateInstances", [("InstanceId.1", instance)], CancellationToken.None);
        Assert.Equal("terminated", await account.StateOfAsync(instance));
        world.Pass(49);
        Assert.Equal("True", Condition(world.Get("nodes", null, victim), "Ready"));
        world.Pass(2);
        Assert.Equal("Unknown", Condition(world.Get("nodes", null, victim), "Ready"));
        Assert.Equal(2, world.Pods("shop", "web").Count(IsReady));
        world.Pass(10);
        Assert.DoesNotContain(world.Nodes, node => node.Name == victim);
        // Garbage collection of its pods, then a new one starts elsewhere.
        world.Pass(180);
        Assert.Equal(3, world.Pods("shop", "web").Count(IsReady));
        Assert.DoesNotContain(world.Pods("shop", "web"), pod => NodeOf(pod) == victim);
        // The group has replaced the instance.
        Assert.Equal(6, world.Nodes.Count(IsReady));
    }

    [Fact]
    public async Task A_replica_with_a_volume_stays_pending_for_its_zone_until_a_node_is_there()
    {
        await using var account = await TwinAccount.OverAsync(Small(1, Manifest.StorageClass, Manifest.StatefulSet("db", 3)));
        var world = account.World;
        var pod = world.Pods("shop", "db")[1];
        var zone = world.Get("nodes", null, NodeOf(pod)).Labels["topology.kubernetes.io/zone"];

        await account.Connection.Query(AwsService.Ec2).CallAsync("TerminateInstances", [("InstanceId.1", account.InstanceOf(NodeOf(pod)))], CancellationToken.None);
        world.Pass(130);
        var waiting = world.Get("pods", "shop", pod.Name);
        Assert.Equal(("Pending", "False"), (waiting.Text("status", "phase"), Condition(waiting, "PodScheduled")));
        // The new node joins after 150 s, and the volume leaves the dead one after six minutes.
        world.Pass(30);
        Assert.Equal(zone, world.Get("nodes", null, NodeOf(world.Get("pods", "shop", pod.Name))).Labels["topology.kubernetes.io/zone"]);
        Assert.False(IsReady(world.Get("pods", "shop", pod.Name)));
        world.Pass(500);
        Assert.True(IsReady(world.Get("pods", "shop", pod.Name)));
    }

    [Fact]
    public async Task A_stopped_instance_fences_its_node_and_is_replaced_by_its_group()
    {
        await using var account = await TwinAccount.OverAsync(Small());
        var instance = account.InstanceOf("general-a-0");

        await account.Connection.Query(AwsService.Ec2).CallAsync("StopInstances", [("InstanceId.1", instance)], CancellationToken.None);
        Assert.Equal("stopped", await account.StateOfAsync(instance));
        account.World.Pass(61);
        Assert.Equal("terminated", await account.StateOfAsync(instance));
        account.World.Pass(200);
        Assert.Contains(account.World.Nodes, node => node.Name == "general-a-1" && IsReady(node));
    }

    [Fact]
    public async Task An_instance_that_starts_again_brings_its_node_back()
    {
        await using var account = await TwinAccount.OverAsync(Small(1, Manifest.Deployment("web", 3)));
        var (ec2, groups) = (account.Connection.Query(AwsService.Ec2), account.Connection.Query(TwinAccount.AutoScaling));
        var group = (await groups.CallAsync("DescribeAutoScalingGroups", [], CancellationToken.None)).Descendants().First(one => one.Name.LocalName == "AutoScalingGroupName").Value;
        await groups.CallAsync("SuspendProcesses", [("AutoScalingGroupName", group), ("ScalingProcesses.member.1", "ReplaceUnhealthy")], CancellationToken.None);
        var instance = account.InstanceOf("general-a-0");

        await ec2.CallAsync("StopInstances", [("InstanceId.1", instance)], CancellationToken.None);
        account.World.Pass(120);
        Assert.Equal("Unknown", Condition(account.World.Get("nodes", null, "general-a-0"), "Ready"));
        await ec2.CallAsync("StartInstances", [("InstanceId.1", instance)], CancellationToken.None);
        account.World.Pass(160);
        Assert.True(IsReady(account.World.Get("nodes", null, "general-a-0")));
        Assert.Equal(3, account.World.Pods("shop", "web").Count(IsReady));
    }
}
