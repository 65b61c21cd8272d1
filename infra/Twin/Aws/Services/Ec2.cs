using System.Globalization;
using System.Xml.Linq;
using HaCluster.Planning.Capacity;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;
using static HaCluster.Twin.Aws.Protocols.XmlAnswers;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/</summary>
internal sealed class Ec2(Account account)
{
    public IEnumerable<object?> Answer(AwsCall call) => call.Operation switch
    {
        "DescribeInstances" => DescribeInstances(call),
        "DescribeInstanceStatus" => DescribeInstanceStatus(call),
        "TerminateInstances" => Change(call, Terminate),
        "StopInstances" => Change(call, Stop),
        "StartInstances" => Change(call, Start),
        "DescribeVolumes" => DescribeVolumes(call),
        "DescribeInstanceTypes" => [List("instanceTypeSet", "item", call.List("InstanceType").Select(DescribeType))],
        // What controllers in a real cluster leave behind; the twin makes none of them.
        "DescribeNetworkInterfaces" => [El("networkInterfaceSet")],
        "DescribeSecurityGroups" => [El("securityGroupInfo")],
        "DescribeSnapshots" => [El("snapshotSet")],
        "DescribeAddresses" => [El("addressesSet")],
        _ => new Ec2Network(account).Answer(call),
    };

    private object?[] DescribeInstances(AwsCall call) => account.World.Act(run =>
    {
        var wanted = Instances(call).Where(instance => Matches(call, instance)).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("NextToken"), call.Number("MaxResults"));
        return (object?[])
        [
            List("reservationSet", "item", page.Select(instance => new object?[]
            {
                El("reservationId", $"r-0{Ids.Hex(instance.Id, 16)}"), El("ownerId", account.Id), El("groupSet"), List("instancesSet", "item", [Describe(run, instance)]),
            })),
            next is null ? null : El("nextToken", next),
        ];
    });

    private object?[] DescribeInstanceStatus(AwsCall call) => account.World.Act(run => (object?[])
    [
        List("instanceStatusSet", "item", Instances(call).Where(instance => instance.State == InstanceState.Running || call.IsTrue("IncludeAllInstances")).Select(instance =>
        {
            var status = run.LossOf(instance.Node.Name) is null ? "ok" : "impaired";
            return new object?[]
            {
                El("instanceId", instance.Id), El("availabilityZone", instance.Node.Zone), State("instanceState", instance.State),
                El("systemStatus", El("status", status)), El("instanceStatus", El("status", status)),
            };
        })),
    ]);

    /// <summary>Those with the ids of the call, or all.</summary>
    private IReadOnlyList<InstanceRecord> Instances(AwsCall call)
    {
        var ids = call.List("InstanceId");
        return ids.Count == 0 ? [.. account.World.Fleet.All] : [.. ids.Select(Get)];
    }

    private InstanceRecord Get(string id) => account.World.Fleet.Find(id)
        ?? throw (id.StartsWith("i-", StringComparison.Ordinal)
            ? new AwsException("InvalidInstanceID.NotFound", $"The instance ID '{id}' does not exist")
            : new AwsException("InvalidInstanceID.Malformed", $"Invalid id: \"{id}\""));

    private bool Matches(AwsCall call, InstanceRecord instance) => call.Filters().All(filter => filter.Name switch
    {
        "instance-id" => filter.Values.Contains(instance.Id),
        "instance-state-name" => filter.Values.Contains(NameOf(instance.State)),
        "availability-zone" => filter.Values.Contains(instance.Node.Zone),
        "private-dns-name" => filter.Values.Contains(instance.DnsName),
        "private-ip-address" => filter.Values.Contains(instance.Address),
        "vpc-id" => filter.Values.Contains(account.VpcId),
        "instance-type" => filter.Values.Contains(TypeOf(instance)),
        _ => Ec2Filters.ByTag(filter, account.TagsOf(instance)),
    });

    private object?[] Describe(ClusterRun run, InstanceRecord instance)
    {
        var isSpot = run.Model.NodeGroups.FirstOrDefault(group => group.Name == instance.Node.Group)?.IsSpot == true;
        var isThere = instance.State != InstanceState.Terminated;
        return
        [
            El("instanceId", instance.Id), El("imageId", "ami-0twin000000000000"), State("instanceState", instance.State),
            El("privateDnsName", isThere ? instance.DnsName : ""), El("dnsName", ""), El("instanceType", TypeOf(instance)),
            El("launchTime", Account.Iso(account.At(instance.LaunchedAt))),
            El("placement", El("availabilityZone", instance.Node.Zone), El("groupName", ""), El("tenancy", "default")),
            isThere ? El("subnetId", account.SubnetOf(instance.Node.Zone)?.Id ?? "") : null,
            isThere ? El("vpcId", account.VpcId) : null,
            isThere ? El("privateIpAddress", instance.Address) : null,
            El("architecture", "x86_64"), El("rootDeviceType", "ebs"), El("rootDeviceName", "/dev/xvda"),
            isSpot ? El("instanceLifecycle", "spot") : null,
            Tags("tagSet", account.TagsOf(instance)),
        ];
    }

    private string TypeOf(InstanceRecord instance) => account.NodeGroup(instance.Node.Group)?.InstanceTypes.FirstOrDefault() ?? "m7i.large";

    private object?[] Change(AwsCall call, Action<ClusterRun, InstanceRecord> change) => account.World.Act(run =>
    {
        if (call.List("InstanceId").Count == 0)
            throw new AwsException("MissingParameter", "The request must contain the parameter InstanceId");
        if (call.IsTrue("DryRun"))
            throw new AwsException("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
        var instances = Instances(call);
        var before = instances.Select(instance => instance.State).ToList();
        foreach (var instance in instances)
            change(run, instance);
        account.World.Fleet.Follow(run);
        return (object?[])[List("instancesSet", "item", instances.Zip(before, (instance, state) => new object?[]
        {
            El("instanceId", instance.Id), State("currentState", instance.State), State("previousState", state),
        }))];
    });

    private static void Terminate(ClusterRun run, InstanceRecord instance)
    {
        if (instance.State == InstanceState.Terminated)
            return;
        if (instance.State == InstanceState.Pending)
            throw new AwsException("IncorrectInstanceState", $"The instance '{instance.Id}' is still being launched: the twin terminates it once it has joined");
        if (run.LossOf(instance.Node.Name) is null)
            run.Apply(new Disruption.NodesLost([instance.Node.Name]));
        else
            run.Apply(new Change.InstanceTerminated(instance.Node.Name));
    }

    private static void Stop(ClusterRun run, InstanceRecord instance)
    {
        if (instance.State == InstanceState.Stopped)
            return;
        if (instance.State != InstanceState.Running || run.LossOf(instance.Node.Name) is not null)
            throw new AwsException("IncorrectInstanceState", $"This instance '{instance.Id}' is not in a state from which it can be stopped.");
        run.Apply(new Disruption.NodesLost([instance.Node.Name], LostInstances.Stopped));
    }

    private static void Start(ClusterRun run, InstanceRecord instance)
    {
        if (instance.State == InstanceState.Running)
            return;
        if (instance.State != InstanceState.Stopped)
            throw new AwsException("IncorrectInstanceState", $"The instance '{instance.Id}' is not in a state from which it can be started.");
        run.Apply(new Change.InstanceStarted(instance.Node.Name));
    }

    private object?[] DescribeVolumes(AwsCall call) => account.World.Act(_ =>
    {
        var ids = call.List("VolumeId");
        var volumes = account.World.Volumes.All.OrderBy(volume => volume.VolumeId, StringComparer.Ordinal).ToList();
        if (ids.FirstOrDefault(id => !volumes.Exists(volume => volume.VolumeId == id)) is { } missing)
            throw new AwsException("InvalidVolume.NotFound", $"The volume '{missing}' does not exist.");
        var wanted = volumes.Where(volume => (ids.Count == 0 || ids.Contains(volume.VolumeId!)) && call.Filters().All(filter => filter.Name switch
        {
            "volume-id" => filter.Values.Contains(volume.VolumeId!),
            "availability-zone" => filter.Values.Contains(volume.Zone),
            "status" => filter.Values.Contains(volume.Node is null ? "available" : "in-use"),
            "attachment.instance-id" => InstanceOf(volume) is { } instance && filter.Values.Contains(instance.Id),
            _ => Ec2Filters.ByTag(filter, TagsOf(volume)),
        })).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("NextToken"), call.Number("MaxResults"));
        return (object?[])[List("volumeSet", "item", page.Select(Describe)), next is null ? null : El("nextToken", next)];
    });

    private object?[] Describe(VolumeRecord volume) =>
    [
        El("volumeId", volume.VolumeId), El("size", ((volume.Bytes + (1L << 30) - 1) >> 30).ToString(CultureInfo.InvariantCulture)), El("snapshotId", ""),
        El("availabilityZone", volume.Zone), El("status", volume.Node is null ? "available" : "in-use"), El("createTime", Account.Iso(account.At(TimeSpan.Zero))),
        List("attachmentSet", "item", InstanceOf(volume) is { } instance ? [
        [
            El("volumeId", volume.VolumeId), El("instanceId", instance.Id), El("device", "/dev/xvdba"), El("status", "attached"), El("deleteOnTermination", "false"),
        ]] : []),
        Tags("tagSet", TagsOf(volume)), El("volumeType", "gp3"), El("encrypted", "true"),
    ];

    private InstanceRecord? InstanceOf(VolumeRecord volume) => volume.Node is null ? null : account.World.Fleet.All.FirstOrDefault(instance => instance.Node.Name == volume.Node);

    private SortedDictionary<string, string> TagsOf(VolumeRecord volume) => new(StringComparer.Ordinal)
    {
        [$"kubernetes.io/cluster/{account.ClusterName}"] = "owned",
        ["ebs.csi.aws.com/cluster"] = "true",
        ["kubernetes.io/created-for/pvc/name"] = volume.Claim,
        ["kubernetes.io/created-for/pvc/namespace"] = volume.Namespace,
        ["kubernetes.io/created-for/pv/name"] = volume.VolumeName ?? "",
    };

    private static object?[] DescribeType(string name)
    {
        var type = InstanceTypeCatalog.Find(name) ?? throw new AwsException("InvalidInstanceType", $"The following supplied instance types do not exist: [{name}]");
        return [El("instanceType", name), El("currentGeneration", "true"), El("vCpuInfo", El("defaultVCpus", type.VirtualCpus.ToString(CultureInfo.InvariantCulture)))];
    }

    private static XElement State(string element, InstanceState state) => El(element, El("code", CodeOf(state)), El("name", NameOf(state)));

    private static string NameOf(InstanceState state) => state.ToString().ToLowerInvariant();

    /// <summary>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html</summary>
    private static string CodeOf(InstanceState state) => state switch
    {
        InstanceState.Pending => "0",
        InstanceState.Running => "16",
        InstanceState.Stopped => "80",
        _ => "48",
    };
}
