using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Aws;

/// <summary>The account that the world runs in: ids, names and tags of what the program declares, and what the API itself keeps.</summary>
internal sealed class Account
{
    private const string DefaultId = "123456789012", DefaultRegion = "eu-central-1";

    private readonly ResourceGraph? _graph;

    public Account(World.World world, (Uri Url, string AuthorityPem)? kubernetes)
    {
        (World, Kubernetes, _graph) = (world, kubernetes, world.Plan.Graph);
        var cluster = Find("aws:eks/cluster:Cluster");
        ClusterName = cluster?.Inputs.At("name").Text() ?? cluster?.Id ?? world.Plan.Model.Name;
        ClusterArn = cluster?.Outputs.At("arn").Text() ?? "";
        Region = ClusterArn.Split(':') is [_, _, _, var region, ..] ? region : world.Plan.Model.Zones.FirstOrDefault() is { } zone ? Fleet.RegionOf(zone) : DefaultRegion;
        Id = ClusterArn.Split(':') is [_, _, _, _, var id, ..] ? id : DefaultId;
        if (ClusterArn.Length == 0)
            ClusterArn = Arn("eks", $"cluster/{ClusterName}");
        ClusterTags = Tags(cluster);
        VpcId = Find("aws:ec2/vpc:Vpc")?.Id ?? $"vpc-0{Ids.Hex("vpc", 16)}";
        Subnets = [.. ReadSubnets()];
        NodeGroups = [.. world.Plan.Model.NodeGroups.Select(Read)];
    }

    public World.World World { get; }

    public (Uri Url, string AuthorityPem)? Kubernetes { get; }

    public string Id { get; }

    public string Region { get; }

    /// <summary>Who holds the access key of the twin.</summary>
    public string CallerArn => $"arn:aws:iam::{Id}:user/twin";

    public string ClusterName { get; }

    public string ClusterArn { get; }

    public ImmutableSortedDictionary<string, string> ClusterTags { get; }

    public string VpcId { get; }

    public ImmutableArray<SubnetRecord> Subnets { get; }

    public ImmutableArray<NodeGroupRecord> NodeGroups { get; }

    public IEnumerable<string> Zones => World.Plan.Model.Zones;

    /// <summary>Ids of zones differ between accounts; here they are shifted by one, so that none is confused with a name.</summary>
    public string ZoneIdOf(string zone)
    {
        var parts = Region.Split('-');
        var prefix = parts is [var area, var side, var number] ? $"{area}{side[0]}{number}" : Region;
        var letters = zone.Length > 0 ? zone[^1] - 'a' : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}-az{((letters + 1) % Math.Max(3, Zones.Count())) + 1}");
    }

    public string? ZoneOfId(string id) => Zones.FirstOrDefault(zone => ZoneIdOf(zone) == id);

    public string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{Id}:{resource}";

    public NodeGroupRecord? NodeGroup(string? model) => NodeGroups.FirstOrDefault(group => group.Model == model);

    public IEnumerable<ResourceNode> All(string type) => _graph?.Resources.Where(resource => resource.Type == type) ?? [];

    public static ImmutableSortedDictionary<string, string> Tags(ResourceNode? resource) => (resource?.Inputs.At("tags").Entries() ?? [])
        .Where(tag => tag.Value.Text() is not null).ToImmutableSortedDictionary(tag => tag.Key, tag => tag.Value.Text()!, StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> TagsOf(InstanceRecord instance)
    {
        var group = NodeGroup(instance.Node.Group);
        var tags = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        tags[$"kubernetes.io/cluster/{ClusterName}"] = "owned";
        tags["aws:eks:cluster-name"] = ClusterName;
        tags["eks:cluster-name"] = ClusterName;
        tags["Name"] = instance.Node.Name;
        if (group is null)
            return tags.ToImmutable();
        tags["eks:nodegroup-name"] = group.Name;
        tags["aws:autoscaling:groupName"] = group.AutoScalingGroup;
        return tags.ToImmutable();
    }

    /// <summary>The private subnet of a zone, where nodes are.</summary>
    public SubnetRecord? SubnetOf(string zone) => Subnets.FirstOrDefault(subnet => subnet.Zone == zone && subnet.Reach == SubnetReach.Nat) ?? Subnets.FirstOrDefault(subnet => subnet.Zone == zone);

    public DateTimeOffset At(TimeSpan time) => World.Clock.At(time);

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private ResourceNode? Find(string type) => All(type).FirstOrDefault();

    private NodeGroupRecord Read(NodeGroup group)
    {
        var resource = All("aws:eks/nodeGroup:NodeGroup").FirstOrDefault(one => one.Name == group.Name);
        var name = resource?.Outputs.At("nodeGroupName").Text() ?? group.Name;
        var arn = resource?.Outputs.At("arn").Text() ?? Arn("eks", $"nodegroup/{ClusterName}/{name}/{Ids.Uuid(name)}");
        var types = resource?.Inputs.At("instanceTypes").Texts().ToImmutableArray() ?? [];
        return new NodeGroupRecord(
            group.Name, name, arn, $"eks-{name}-{arn[(arn.LastIndexOf('/') + 1)..]}",
            types.IsEmpty ? [group.InstanceType] : types,
            [.. resource?.Inputs.At("subnetIds").Texts() ?? group.Zones.Select(zone => SubnetOf(zone)?.Id).OfType<string>()],
            Tags(resource),
            (resource?.Inputs.At("labels").Entries() ?? []).Where(label => label.Value.Text() is not null)
                .ToImmutableSortedDictionary(label => label.Key, label => label.Value.Text()!, StringComparer.Ordinal),
            resource?.Inputs.At("updateConfig", "maxUnavailable").Integer(), resource?.Inputs.At("updateConfig", "maxUnavailablePercentage").Integer());
    }

    private IEnumerable<SubnetRecord> ReadSubnets()
    {
        if (_graph is null)
        {
            foreach (var zone in World.Plan.Model.Zones)
                yield return new SubnetRecord($"subnet-0{Ids.Hex(zone, 16)}", zone, "10.0.0.0/18", SubnetReach.Nat, ImmutableSortedDictionary<string, string>.Empty);
            yield break;
        }

        var resources = All("aws:ec2/subnet:Subnet").Where(one => one.Id is not null).ToDictionary(one => one.Id!, StringComparer.Ordinal);
        foreach (var subnet in new SubnetIndex(_graph).All)
            yield return new SubnetRecord(subnet.Id, subnet.Zone, subnet.Cidr, subnet.Reach, Tags(resources.GetValueOrDefault(subnet.Id)));
    }
}

/// <summary>A managed node group.</summary>
/// <param name="Model">Its name in the model.</param>
/// <param name="Name">Its name in EKS.</param>
internal sealed record NodeGroupRecord(
    string Model,
    string Name,
    string Arn,
    string AutoScalingGroup,
    ImmutableArray<string> InstanceTypes,
    ImmutableArray<string> Subnets,
    ImmutableSortedDictionary<string, string> Tags,
    ImmutableSortedDictionary<string, string> Labels,
    int? MaxUnavailable,
    int? MaxUnavailablePercent)
{
    /// <summary>The suspended processes of its Auto Scaling group.</summary>
    public SortedSet<string> Suspended { get; } = new(StringComparer.Ordinal);
}

internal sealed record SubnetRecord(string Id, string Zone, string Cidr, SubnetReach Reach, ImmutableSortedDictionary<string, string> Tags);
