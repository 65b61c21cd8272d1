using System.Globalization;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/autoscaling/ec2/APIReference/</summary>
internal sealed class AutoScaling(Account account)
{
    private static readonly string[] Processes =
        ["Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck", "InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions"];

    public IEnumerable<object?> Answer(AwsCall call) => account.World.Act(run => (object?[])[.. Answer(run, call)]);

    private IEnumerable<object?> Answer(ClusterRun run, AwsCall call)
    {
        switch (call.Operation)
        {
            case "DescribeAutoScalingGroups":
                return Describe(run, call);
            case "SetDesiredCapacity":
                Resize(run, Group(call), call.Number("DesiredCapacity"), null, null, "SetDesiredCapacity");
                return [];
            case "UpdateAutoScalingGroup":
                Resize(run, Group(call), call.Number("DesiredCapacity"), call.Number("MinSize"), call.Number("MaxSize"), "DesiredCapacity");
                return [];
            case "TerminateInstanceInAutoScalingGroup":
                return Terminate(run, call);
            case "SuspendProcesses":
                Suspend(run, call, isSuspended: true);
                return [];
            case "ResumeProcesses":
                Suspend(run, call, isSuspended: false);
                return [];
            default:
                throw ServiceTable.Unknown(call);
        }
    }

    private IEnumerable<object?> Describe(ClusterRun run, AwsCall call)
    {
        var names = call.List("AutoScalingGroupNames");
        var wanted = account.NodeGroups.Where(group => (names.Count == 0 || names.Contains(group.AutoScalingGroup)) && call.Filters().All(filter => filter.Name switch
        {
            "tag-key" => filter.Values.Any(TagsOf(group).ContainsKey),
            var name when name.StartsWith("tag:", StringComparison.Ordinal) => TagsOf(group).TryGetValue(name["tag:".Length..], out var value) && filter.Values.Contains(value),
            var name => throw new AwsException("ValidationError", $"the twin does not have the filter {name}"),
        })).OrderBy(group => group.AutoScalingGroup, StringComparer.Ordinal).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("NextToken"), call.Number("MaxRecords") ?? 50);
        return [List("AutoScalingGroups", "member", page.Select(group => Describe(run, group))), next is null ? null : El("NextToken", next)];
    }

    private object?[] Describe(ClusterRun run, NodeGroupRecord group)
    {
        var model = ModelOf(run, group);
        return
        [
            El("AutoScalingGroupName", group.AutoScalingGroup), El("AutoScalingGroupARN", account.Arn("autoscaling", $"autoScalingGroup:{Ids.Uuid(group.Name)}:autoScalingGroupName/{group.AutoScalingGroup}")),
            El("MinSize", Text(model.Min)), El("MaxSize", Text(model.Max)), El("DesiredCapacity", Text(run.GroupSizes[model.Name])), El("DefaultCooldown", "300"),
            El("AvailabilityZones", model.Zones.Select(zone => El("member", zone))), El("LoadBalancerNames"), El("TargetGroupARNs"), El("HealthCheckType", "EC2"), El("HealthCheckGracePeriod", "15"),
            List("Instances", "member", account.World.Fleet.All.Where(instance => instance.Node.Group == group.Model && instance.State != InstanceState.Terminated)
                .Select(instance => Describe(run, group, instance))),
            El("CreatedTime", Account.Iso(account.At(TimeSpan.Zero))),
            List("SuspendedProcesses", "member", group.Suspended.Select(process => new object?[] { El("ProcessName", process), El("SuspensionReason", "User suspended") })),
            El("VPCZoneIdentifier", string.Join(',', group.Subnets)),
            List("Tags", "member", TagsOf(group).Select(tag => new object?[]
            {
                El("ResourceId", group.AutoScalingGroup), El("ResourceType", "auto-scaling-group"), El("Key", tag.Key), El("Value", tag.Value), El("PropagateAtLaunch", "true"),
            })),
            El("NewInstancesProtectedFromScaleIn", "false"),
        ];
    }

    private static object?[] Describe(ClusterRun run, NodeGroupRecord group, InstanceRecord instance) =>
    [
        El("InstanceId", instance.Id), El("InstanceType", group.InstanceTypes.FirstOrDefault() ?? ""), El("AvailabilityZone", instance.Node.Zone),
        El("LifecycleState", instance.State == InstanceState.Pending ? "Pending" : run.RetiringNodes.Contains(instance.Node.Name) ? "Terminating:Wait" : "InService"),
        El("HealthStatus", instance.State == InstanceState.Stopped ? "Unhealthy" : "Healthy"), El("ProtectedFromScaleIn", "false"),
    ];

    /// <param name="what">What the message of a refusal calls the value.</param>
    private static void Resize(ClusterRun run, NodeGroupRecord group, int? desired, int? least, int? most, string what)
    {
        var model = ModelOf(run, group);
        var (min, max) = (least ?? model.Min, most ?? model.Max);
        if (min > max)
            throw new AwsException("ValidationError", $"Max bound, {max}, must be greater than or equal to min bound, {min}");
        var size = desired ?? Math.Clamp(run.GroupSizes[model.Name], min, max);
        if (size > max)
            throw new AwsException("ValidationError", $"New {what} value {size} is above max value {max} for the AutoScalingGroup.");
        if (size < min)
            throw new AwsException("ValidationError", $"New {what} value {size} is below min value {min} for the AutoScalingGroup.");
        run.Apply(new Change.GroupResized(model.Name, size, min, max));
    }

    private IEnumerable<object?> Terminate(ClusterRun run, AwsCall call)
    {
        var id = call.Get("InstanceId");
        var shrinks = call.IsTrue("ShouldDecrementDesiredCapacity");
        if (account.World.Fleet.Find(id) is not { State: not InstanceState.Terminated } instance || account.NodeGroup(instance.Node.Group) is not { } group)
            throw new AwsException("ValidationError", $"Instance Id not found - No managed instance found for instance ID: {id}");
        var model = ModelOf(run, group);
        if (shrinks && run.GroupSizes[model.Name] <= model.Min)
            throw new AwsException("ValidationError", $"Currently, desiredSize equals minSize ({model.Min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.");
        if (instance.State == InstanceState.Pending)
            throw new AwsException("ScalingActivityInProgress", $"The instance {id} is still being launched");
        if (run.LossOf(instance.Node.Name) is null)
            run.Apply(new Change.NodeRetired(instance.Node.Name, shrinks));
        else
            run.Apply(new Change.InstanceTerminated(instance.Node.Name));
        return
        [
            El(
                "Activity",
                El("ActivityId", Ids.Uuid($"activity/{id}")), El("AutoScalingGroupName", group.AutoScalingGroup), El("Description", $"Terminating EC2 instance: {id}"),
                El("Cause", $"At {Account.Iso(account.At(run.Now))} instance {id} was taken out of service in response to a user request."),
                El("StartTime", Account.Iso(account.At(run.Now))), El("StatusCode", "InProgress"), El("Progress", "0")),
        ];
    }

    private void Suspend(ClusterRun run, AwsCall call, bool isSuspended)
    {
        var group = Group(call);
        var named = call.List("ScalingProcesses");
        if (named.FirstOrDefault(process => !Processes.Contains(process)) is { } unknown)
            throw new AwsException("ValidationError", $"Invalid process name: {unknown}");
        foreach (var process in named.Count == 0 ? Processes : named)
        {
            if (isSuspended)
                group.Suspended.Add(process);
            else
                group.Suspended.Remove(process);
        }

        // Without Launch, or without ReplaceUnhealthy, nothing takes the place of a lost instance.
        var stands = group.Suspended.Contains("Launch") || group.Suspended.Contains("ReplaceUnhealthy");
        if (run.IsSuspended(group.Model) != stands)
            run.Apply(new Change.GroupSuspended(group.Model, stands));
    }

    private NodeGroupRecord Group(AwsCall call)
    {
        var name = call.Get("AutoScalingGroupName");
        return account.NodeGroups.FirstOrDefault(group => group.AutoScalingGroup == name)
            ?? throw new AwsException("ValidationError", $"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found");
    }

    private SortedDictionary<string, string> TagsOf(NodeGroupRecord group) => new(StringComparer.Ordinal)
    {
        [$"kubernetes.io/cluster/{account.ClusterName}"] = "owned",
        [$"k8s.io/cluster-autoscaler/{account.ClusterName}"] = "owned",
        ["eks:cluster-name"] = account.ClusterName,
        ["eks:nodegroup-name"] = group.Name,
    };

    private static NodeGroup ModelOf(ClusterRun run, NodeGroupRecord group) => run.Model.NodeGroups.First(one => one.Name == group.Model);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
