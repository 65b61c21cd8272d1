using HaCluster.Operations.Connecting;

namespace HaCluster.Operations.Viewing;

/// <summary>Reads a cluster for people.</summary>
/// <param name="session">Not disposed here.</param>
public sealed partial class ClusterViews(ClusterSession session) : IClusterViews
{
    private readonly ClusterReadings _readings = new(session);
    private readonly Quantities _quantities = new();

    public async Task<View<ZoneStatus>> ReadZonesAsync(CancellationToken cancellationToken)
    {
        var (nodes, pods) = (_readings.NodesAsync(cancellationToken), _readings.PodsAsync(cancellationToken));
        var (ids, databases) = (_readings.ZonesAsync(cancellationToken), _readings.DatabasesAsync(cancellationToken));
        var shifts = await ReadZoneShiftsAsync(cancellationToken);
        var unknown = new List<UnknownPart>([.. (await nodes).Unknowns, .. (await pods).Unknowns, .. (await ids).Unknowns, .. (await databases).Unknowns, .. shifts.Unknown]);
        if ((await nodes).Value is not { } all)
            return new View<ZoneStatus>([], Distinct(unknown));
        var zoneOf = ZoneByNode(all);
        var podsByZone = ((await pods).Value ?? []).Where(pod => !pod.IsOver && pod.NodeName.Length > 0).ToLookup(pod => zoneOf.GetValueOrDefault(pod.NodeName) ?? "");
        var names = all.Select(node => node.Zone).Where(zone => zone.Length > 0).Union(session.Outputs?.Zones ?? []).Order(StringComparer.Ordinal);
        var zones = names.Select(name =>
        {
            var here = all.Where(node => node.Zone == name).ToList();
            var (ready, cordoned) = (here.Count(node => node.Ready == "True"), here.Count(node => node.Spec?.Unschedulable == true));
            var id = (ids.Result.Value ?? []).FirstOrDefault(zone => zone.Name == name);
            var shift = shifts.Items.Where(one => one.IsActive && one.Zone == name).OrderByDescending(one => one.Resource == session.Outputs?.ClusterArn).FirstOrDefault();
            var writers = databases.Result.Value?.Where(database => database.Writer?.Zone == name).Select(database => database.Identifier).ToList();
            var notes = new List<string>();
            if (here.Count == 0)
                notes.Add("no nodes");
            else if (ready < here.Count)
                notes.Add($"{here.Count - ready} of {here.Count} nodes not ready");
            if (cordoned > 0)
                notes.Add($"{cordoned} nodes cordoned");
            if (shift is not null)
                notes.Add($"traffic is shifted away until {shift.ExpiresAt:u}");
            if (id is not null && id.State is not ("available" or ""))
                notes.Add($"AWS says {id.State}");
            var health = ready == 0 ? Health.Critical : notes.Count > 0 ? Health.Degraded : unknown.Count > 0 ? Health.Unknown : Health.Healthy;
            return new ZoneStatus(
                name, id?.Id is { Length: > 0 } known ? known : null, health, here.Count, ready, cordoned, podsByZone[name].Count(), podsByZone[name].Count(pod => pod.IsReady), shift, writers,
                string.Join("; ", notes));
        }).ToList();
        return new View<ZoneStatus>(zones, Distinct(unknown));
    }

    public async Task<View<NodeStatus>> ReadNodesAsync(CancellationToken cancellationToken)
    {
        var (nodes, pods) = (_readings.NodesAsync(cancellationToken), _readings.PodsAsync(cancellationToken));
        var byNode = ((await pods).Value ?? []).Where(pod => !pod.IsOver && pod.NodeName.Length > 0).ToLookup(pod => pod.NodeName, StringComparer.Ordinal);
        var known = (await pods).Unknown is null;
        var rows = ((await nodes).Value ?? []).Select(node => NodeOf(node, byNode[node.Metadata.Name], known)).OrderBy(node => node.Zone, StringComparer.Ordinal).ThenBy(node => node.Name, StringComparer.Ordinal);
        return new View<NodeStatus>([.. rows], [.. (await nodes).Unknowns, .. (await pods).Unknowns]);
    }

    public async Task<View<NodePoolStatus>> ReadNodePoolsAsync(CancellationToken cancellationToken)
    {
        var (groups, nodes) = (_readings.NodeGroupsAsync(cancellationToken), _readings.NodesAsync(cancellationToken));
        var byGroup = ((await nodes).Value ?? []).ToLookup(node => node.NodeGroup, StringComparer.Ordinal);
        var rows = ((await groups).Value ?? []).OrderBy(group => group.Name, StringComparer.Ordinal).Select(group =>
        {
            var here = byGroup[group.Name].ToList();
            var ready = here.Count(node => node.Ready == "True");
            var output = session.Outputs?.NodeGroups.Values.FirstOrDefault(one => one.Name == group.Name);
            var health = nodes.Result.Unknown is not null ? Health.Unknown
                : ready == 0 && group.Desired > 0 ? Health.Critical
                : ready < group.Desired || group.Status != "ACTIVE" || group.Issues.Length > 0 ? Health.Degraded
                : Health.Healthy;
            return new NodePoolStatus(
                group.Name, group.Labels.GetValueOrDefault(SessionConnector.PoolLabel) ?? output?.Pool ?? "",
                [.. output?.Zones ?? [.. here.Select(node => node.Zone).Distinct().Order(StringComparer.Ordinal)]], [.. group.InstanceTypes], group.CapacityType, group.Min, group.Desired, group.Max,
                here.Count, ready, group.Status, health, [.. group.Issues]);
        });
        return new View<NodePoolStatus>([.. rows], [.. (await groups).Unknowns, .. (await nodes).Unknowns]);
    }

    public async Task<View<QuotaStatus>> ReadQuotasAsync(CancellationToken cancellationToken)
    {
        var quotas = await _readings.QuotasAsync(cancellationToken);
        var rows = (quotas.Value ?? []).SelectMany(quota => (quota.Status?.Hard ?? []).Select(hard =>
        {
            var used = quota.Status?.Used?.GetValueOrDefault(hard.Key);
            var (amount, most) = (_quantities.Of(used), _quantities.Of(hard.Value));
            var percent = new Usage(amount, most).Percent;
            var health = most <= 0 ? Health.Healthy : percent >= 100 ? Health.Critical : percent >= 90 ? Health.Degraded : Health.Healthy;
            return new QuotaStatus(quota.Metadata.Namespace, quota.Metadata.Name, hard.Key, used ?? "0", hard.Value, percent, health);
        }));
        return new View<QuotaStatus>([.. rows.OrderBy(row => row.Namespace, StringComparer.Ordinal).ThenBy(row => row.Resource, StringComparer.Ordinal)], [.. quotas.Unknowns]);
    }

    public async Task<View<ZoneShift>> ReadZoneShiftsAsync(CancellationToken cancellationToken)
    {
        var (shifts, zones) = (_readings.ShiftsAsync(cancellationToken), _readings.ZonesAsync(cancellationToken));
        var names = ((await zones).Value ?? []).ToDictionary(zone => zone.Id, zone => zone.Name, StringComparer.Ordinal);
        var rows = ((await shifts).Value ?? []).Select(shift => new ZoneShift(
            shift.ResourceArn, NameIn(shift.ResourceArn), names.GetValueOrDefault(shift.ZoneId) ?? shift.ZoneId, shift.ZoneId, shift.Id, shift.Status, shift.StartedAt, shift.ExpiresAt, shift.Comment));
        return new View<ZoneShift>([.. rows.OrderBy(row => row.ResourceName, StringComparer.Ordinal)], Distinct([.. (await shifts).Unknowns, .. (await zones).Unknowns]));
    }

    private NodeStatus NodeOf(NodeReading node, IEnumerable<PodReading> pods, bool arePodsKnown)
    {
        var here = pods.ToList();
        var notes = new List<string>();
        if (node.Ready != "True")
            notes.Add(node.Ready == "Unknown" ? "its kubelet does not report" : "not ready");
        foreach (var condition in node.Status?.Conditions ?? [])
        {
            if (condition is { Type: "MemoryPressure" or "DiskPressure" or "PIDPressure" or "NetworkUnavailable", Status: "True" })
                notes.Add(condition.Type);
        }

        foreach (var taint in node.Spec?.Taints ?? [])
        {
            if (taint.Key == "node.kubernetes.io/out-of-service")
                notes.Add("fenced (out-of-service)");
        }

        var isCordoned = node.Spec?.Unschedulable == true;
        if (isCordoned)
            notes.Add("cordoned");
        var health = node.Ready != "True" ? Health.Critical : notes.Count > 0 ? Health.Degraded : arePodsKnown ? Health.Healthy : Health.Unknown;
        var allocatable = node.Status?.Allocatable;
        return new NodeStatus(
            node.Metadata.Name,
            node.Zone,
            node.NodeGroup,
            node.Label("node.kubernetes.io/instance-type"),
            node.Spec?.ProviderID?.Split('/')[^1] is { } id && id.StartsWith("i-", StringComparison.Ordinal) ? id : "",
            health,
            node.Ready,
            isCordoned,
            here.Count,
            (int)_quantities.Of(allocatable?.GetValueOrDefault("pods")),
            new Usage(here.Sum(pod => pod.Cpu), _quantities.Of(allocatable?.GetValueOrDefault("cpu"))),
            new Usage(here.Sum(pod => pod.Memory), _quantities.Of(allocatable?.GetValueOrDefault("memory"))),
            node.Status?.NodeInfo?.KubeletVersion ?? "",
            node.Metadata.CreationTimestamp ?? default,
            string.Join("; ", notes));
    }

    private static Dictionary<string, string> ZoneByNode(IReadOnlyList<NodeReading> nodes) => nodes.ToDictionary(node => node.Metadata.Name, node => node.Zone, StringComparer.Ordinal);

    /// <summary><c>arn:...:cluster/NAME</c>, <c>arn:...:loadbalancer/net/NAME/ID</c>.</summary>
    private static string NameIn(string arn) => arn.Split('/') is { Length: > 3 } parts ? parts[^2] : arn.Split('/')[^1];

    private static IReadOnlyList<UnknownPart> Distinct(IEnumerable<UnknownPart> unknown) => [.. unknown.DistinctBy(one => one.Part)];
}
