using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>Auto Scaling (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/).</summary>
internal sealed class AutoScalingWire(AwsConnection connection) : IAutoScaling
{
    private QueryProtocol Query => connection.Query(AwsService.AutoScaling);

    public Task<ImmutableArray<AutoScalingGroup>> ListAsync(string cluster, IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync("Auto Scaling groups", async () =>
        {
            var ownership = new ClusterOwnership(cluster, []);
            (string, string)[] parameters = [("MaxRecords", "100"), .. Reading.Numbered("AutoScalingGroupNames.member", names)];
            var groups = ImmutableArray.CreateBuilder<AutoScalingGroup>();
            await foreach (var page in Query.PagesAsync("DescribeAutoScalingGroups", parameters, "NextToken", "NextToken", cancellationToken))
                groups.AddRange(page.List("AutoScalingGroups").Select(Group).Where(group => names.Count > 0 || ownership.Owns(group.Tags)));
            return groups.ToImmutable();
        });

    public Task SetDesiredAsync(string group, int desired, CancellationToken cancellationToken) => CallAsync(
        "SetDesiredCapacity", $"Auto Scaling group {group}", cancellationToken,
        ("AutoScalingGroupName", group), ("DesiredCapacity", desired.ToString(CultureInfo.InvariantCulture)), ("HonorCooldown", "false"));

    public Task TerminateAsync(string instanceId, bool decrement, CancellationToken cancellationToken) => CallAsync(
        "TerminateInstanceInAutoScalingGroup", $"instance {instanceId}", cancellationToken,
        ("InstanceId", instanceId), ("ShouldDecrementDesiredCapacity", decrement ? "true" : "false"));

    public Task SuspendAsync(string group, IReadOnlyCollection<string> processes, CancellationToken cancellationToken) => CallAsync(
        "SuspendProcesses", $"Auto Scaling group {group}", cancellationToken, [("AutoScalingGroupName", group), .. Reading.Numbered("ScalingProcesses.member", processes)]);

    public Task ResumeAsync(string group, IReadOnlyCollection<string> processes, CancellationToken cancellationToken) => CallAsync(
        "ResumeProcesses", $"Auto Scaling group {group}", cancellationToken, [("AutoScalingGroupName", group), .. Reading.Numbered("ScalingProcesses.member", processes)]);

    private Task<XElement> CallAsync(string operation, string target, CancellationToken cancellationToken, params (string, string)[] parameters) =>
        AwsErrors.TranslateAsync(target, () => Query.CallAsync(operation, parameters, cancellationToken));

    private static AutoScalingGroup Group(XElement xml) => new(
        xml.Text("AutoScalingGroupName") ?? "",
        xml.Text("AutoScalingGroupARN") ?? "",
        xml.Int("MinSize"),
        xml.Int("DesiredCapacity"),
        xml.Int("MaxSize"),
        xml.Texts("AvailabilityZones"),
        [
            .. xml.List("Instances").Select(instance => new AutoScalingInstance(
                instance.Text("InstanceId") ?? "", instance.Text("AvailabilityZone") ?? "", instance.Text("LifecycleState") ?? "", instance.Text("HealthStatus") ?? "",
                instance.Text("ProtectedFromScaleIn") == "true")),
        ],
        xml.Texts("SuspendedProcesses", "ProcessName"),
        xml.TagsOf("Tags"));
}
