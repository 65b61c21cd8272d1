using System.Text.Json;
using HaCluster.Operations.Kubernetes;
using HaCluster.Planning.Schedules;
using HaCluster.Simulation.Model;

namespace HaCluster.Operations.Proving;

/// <summary>
/// Whether the rest of the cluster holds when something goes: enough ready replicas of every workload stay, budgets let the pods go, and the
/// pods that must move find room on the nodes that are there now.
/// </summary>
/// <param name="model">With the pods where they are.</param>
internal sealed class DepartureCheck(ClusterModel model, LiveObjects live, IReadOnlyList<UnknownPart> unread)
{
    private readonly Dictionary<string, RawObject> _nodes = live.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, RawObject> _pods = live.Pods.GroupBy(pod => $"{pod.Namespace}/{pod.Name}").ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private readonly Dictionary<(string Kind, string Id), Workload> _owners = model.Workloads.ToDictionary(workload => (workload.ObjectKind, workload.Id));

    public SafetyAnswer Answer(Departure departure)
    {
        var blockers = new List<SafetyBlocker>();
        var question = departure switch
        {
            Departure.OfZone zone => OfZone(zone.Name, blockers),
            Departure.OfNodes nodes => OfNodes(nodes.Names, blockers),
            Departure.OfWorkloadPods pods => OfPods(pods, blockers),
            _ => throw new ArgumentOutOfRangeException(nameof(departure)),
        };
        // Whatever hides pods, or is a pod, may be what breaks.
        var hidden = model.Unknown.Where(one => one.HidesPods || one.Subject.StartsWith("Pod ", StringComparison.Ordinal))
            .Select(one => new UnknownPart(one.Subject, one.Reason, FailureKind.NotUnderstood));
        UnknownPart[] unknown = [.. unread, .. hidden];
        return new SafetyAnswer(question, blockers.Count == 0 && unknown.Length == 0, unknown.Length == 0, [.. blockers.Distinct()], unknown);
    }

    private string OfZone(string zone, List<SafetyBlocker> blockers)
    {
        if (!model.Zones.Contains(zone))
            throw new HaClusterException(FailureKind.InvalidInput, "", $"zone {zone}", "the cluster has no node there", Advice.Available(model.Zones, "The cluster has no node"));
        var gone = model.Nodes.Where(node => node.Zone == zone).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var left = model.Nodes.Where(node => !gone.Contains(node.Name) && IsReady(node.Name)).ToList();
        var others = model.Zones.Where(other => other != zone && left.All(node => node.Zone != other)).ToList();
        if (left.Count == 0)
        {
            blockers.Add(new SafetyBlocker("", "", "", $"no other zone has a ready node: {zone} is the last working zone"));
            return $"zone {zone}";
        }

        blockers.AddRange(others.Select(other => new SafetyBlocker("", "", "", $"zone {other} already has no ready node: two zones would be down")));
        Serving(gone, blockers, isSudden: true);
        Orphans(gone, blockers);
        Room(gone, blockers);
        foreach (var database in model.Databases.Where(database => database.Writer?.Zone == zone && !database.Instances.Any(one => one.Zone is { } other && other != zone)))
            blockers.Add(new SafetyBlocker("", "", "", $"database {database.Name}: its writer is in {zone}, and no instance elsewhere can take over"));
        foreach (var gateway in model.NatGateways.Where(gateway => gateway.Zone == zone))
        {
            foreach (var served in gateway.Serves.Where(served => served != zone && left.Any(node => node.Zone == served)))
                blockers.Add(new SafetyBlocker("", "", "", $"nodes in {served} reach the internet through NAT gateway {gateway.Name} in {zone} only"));
        }

        return $"zone {zone}";
    }

    private string OfNodes(IReadOnlyList<string> names, List<SafetyBlocker> blockers)
    {
        var missing = names.Where(name => !_nodes.ContainsKey(name)).ToList();
        if (missing.Count > 0)
            throw new HaClusterException(FailureKind.InvalidInput, "", $"node {string.Join(", ", missing)}", "there is no such node", "Get-HaNode lists them");
        var gone = names.ToHashSet(StringComparer.Ordinal);
        Budgets(gone, blockers);
        Serving(gone, blockers, isSudden: false);
        Orphans(gone, blockers);
        Room(gone, blockers);
        return names.Count == 1 ? $"node {names[0]}" : $"nodes {string.Join(", ", names)}";
    }

    private string OfPods(Departure.OfWorkloadPods departure, List<SafetyBlocker> blockers)
    {
        var id = $"{departure.Namespace}/{departure.Name}";
        var workload = model.Workloads.FirstOrDefault(one => one.Id == id && one.ObjectKind == departure.Kind)
            ?? throw new HaClusterException(FailureKind.NotFound, "", $"{departure.Kind} {id}", "there is no such workload", "Get-HaWorkload lists them");
        var pods = model.Placements.Where(pod => KeyOf(pod) == (departure.Kind, id)).ToList();
        var ready = pods.Where(IsReady).ToList();
        var (least, reason) = Needed(workload, []);
        if (ready.Count - departure.Count < least)
            blockers.Add(new SafetyBlocker(id, ready.FirstOrDefault()?.Pod ?? "", "", $"{ready.Count} replicas are ready and {least} must serve ({reason}): {departure.Count} cannot go at once"));

        foreach (var pod in ready.Take(departure.Count))
            blockers.AddRange(WhyNotEvicted(pod, departure.Count));
        return $"{departure.Count} {(departure.Count == 1 ? "pod" : "pods")} of {departure.Kind} {id}";
    }

    /// <summary>Ready replicas that stay must be enough at once, before any replacement is ready.</summary>
    /// <param name="isSudden">All go at the same time; otherwise budgets let them go one after the other.</param>
    private void Serving(HashSet<string> gone, List<SafetyBlocker> blockers, bool isSudden)
    {
        foreach (var pods in model.Placements.GroupBy(KeyOf))
        {
            var leaving = pods.Where(pod => pod.Node is not null && gone.Contains(pod.Node)).ToList();
            if (leaving.Count == 0 || Owner(leaving[0]) is not { Kind: not WorkloadKind.Pod } workload)
                continue;
            var staying = pods.Count(pod => Stays(pod, gone));
            var (least, reason) = Needed(workload, gone);
            if (workload.Kind is WorkloadKind.DaemonSet or WorkloadKind.Job || staying >= least)
                continue;
            // A budget makes the drain wait for replacements.
            if (!isSudden && model.Budgets.Any(budget => budget.Covers(workload.Namespace, leaving[0].Spec.Labels)))
                continue;
            blockers.Add(new SafetyBlocker(
                workload.Id, leaving[0].Pod, "",
                $"{staying} of {pods.Count()} replicas would stay ready, and {least} must serve ({reason}): it is down until a replacement is ready"));
        }
    }

    /// <summary>How many replicas must serve, and why. One that may be down while another workload serves the same must serve when that one does not.</summary>
    private (int Least, string Reason) Needed(Workload workload, HashSet<string> gone) =>
        workload.AlsoServedBy is { } other && workload.MinServing == 0 && !model.Placements.Any(pod => pod.Workload == other && Stays(pod, gone))
            ? (1, $"no replica of {other}, which serves the same, would be ready")
            : (workload.MinServing, workload.ServingReason);

    /// <summary>Pods that nothing would create again, as far as is known.</summary>
    private void Orphans(HashSet<string> gone, List<SafetyBlocker> blockers) => blockers.AddRange(
        from pod in Leaving(gone)
        where Owner(pod) is null or { Kind: WorkloadKind.Pod }
        select new SafetyBlocker(pod.Workload, pod.Pod, "", ControllerOf(pod) is { } controller
            ? $"its controller is {controller}, which is not modelled: it is unknown whether it recreates the pod"
            : "no controller recreates it: it would be gone"));

    /// <summary>The pods that must move find a place on the nodes that are there now.</summary>
    private void Room(HashSet<string> gone, List<SafetyBlocker> blockers)
    {
        var waitedBefore = ClusterSchedule.Of(model, seed: 0).Pods.Where(pod => pod.Node is null).Select(pod => $"{pod.Namespace}/{pod.Name}").ToHashSet(StringComparer.Ordinal);
        bool IsGone(PodPlacement pod) => pod.Node is not null && gone.Contains(pod.Node);
        // What has no controller does not come back.
        var orphans = model.Placements.Where(IsGone).Select(Owner).OfType<Workload>().Where(owner => owner.Kind == WorkloadKind.Pod).ToHashSet();
        var moved = model with
        {
            Workloads = [.. model.Workloads.Where(workload => !orphans.Contains(workload))],
            Nodes = [.. model.Nodes.Where(node => !gone.Contains(node.Name) && IsReady(node.Name))],
            Placements =
            [
                .. model.Placements
                    // A pod of a DaemonSet belongs to its node; a pod that is going already does not come back.
                    .Where(pod => !IsGone(pod) || (Owner(pod) is { Kind: not WorkloadKind.DaemonSet } owner && !orphans.Contains(owner) && !pod.IsEnding))
                    .Select(pod => IsGone(pod) ? pod with { Node = null } : pod),
            ],
        };
        foreach (var pod in ClusterSchedule.Of(moved, seed: 0).Pods.Where(pod => pod.Node is null && !waitedBefore.Contains($"{pod.Namespace}/{pod.Name}")))
        {
            var workload = model.Workloads.FirstOrDefault(one => one.Id == pod.Workload);
            // As in the proof: a job waits for room, and so does what others preempt.
            if (workload is { MayWait: true })
                continue;
            var staying = model.Placements.Count(other => other.Workload == pod.Workload && other.Node is not null && Stays(other, gone) && other.Pod != pod.Name);
            // Its volume stays in the zone: it waits there by design, while enough others serve.
            if (workload is not null && staying >= Needed(workload, gone).Least && pod.Reason?.Contains("volume", StringComparison.OrdinalIgnoreCase) == true)
                continue;
            blockers.Add(new SafetyBlocker(pod.Workload, pod.Name, "", $"does not fit on the remaining nodes: {pod.Reason}"));
        }
    }

    private void Budgets(HashSet<string> gone, List<SafetyBlocker> blockers)
    {
        foreach (var pod in Leaving(gone))
            blockers.AddRange(WhyNotEvicted(pod, 1));
    }

    /// <summary>Pods that a drain evicts: those of a DaemonSet and static ones belong to their node.</summary>
    private IEnumerable<PodPlacement> Leaving(HashSet<string> gone) => model.Placements.Where(pod =>
        pod.Node is not null && gone.Contains(pod.Node) && !pod.IsEnding && Owner(pod)?.Kind != WorkloadKind.DaemonSet
        && Raw(pod)?.At("metadata", "annotations", StaticPods.MirrorAnnotation).ValueKind is null or JsonValueKind.Undefined);

    /// <summary>It is ready, and not on a node that goes.</summary>
    private bool Stays(PodPlacement pod, HashSet<string> gone) => (pod.Node is null || !gone.Contains(pod.Node)) && IsReady(pod);

    private IEnumerable<SafetyBlocker> WhyNotEvicted(PodPlacement pod, int count)
    {
        var @namespace = pod.Workload.Split('/')[0];
        var covering = model.Budgets.Where(budget => budget.Covers(@namespace, pod.Spec.Labels)).ToList();
        if (covering.Count > 1)
        {
            yield return new SafetyBlocker(
                pod.Workload, pod.Pod, string.Join(", ", covering.Select(NameOf)), $"{covering.Count} budgets cover the pod: Kubernetes refuses to evict it; delete or narrow one of them");
        }
        else if (covering is [var budget] && budget.Status is { } status && status.DisruptionsAllowed < count && !(budget.AlwaysEvictsUnhealthy && !IsReady(pod)))
        {
            yield return new SafetyBlocker(pod.Workload, pod.Pod, NameOf(budget), $"the budget lets {status.DisruptionsAllowed} pods go now{(count > 1 ? $", not {count}" : "")}");
        }
    }

    /// <summary>What the pod says of its controller; null when it has none.</summary>
    private string? ControllerOf(PodPlacement pod)
    {
        if (Raw(pod)?.At("metadata", "ownerReferences") is not { ValueKind: JsonValueKind.Array } owners)
            return null;
        var controller = owners.EnumerateArray().FirstOrDefault(owner => owner.TryGetProperty("controller", out var flag) && flag.ValueKind == JsonValueKind.True);
        return controller.ValueKind == JsonValueKind.Object ? $"{controller.GetProperty("kind").GetString()} {controller.GetProperty("name").GetString()}" : null;
    }

    private Workload? Owner(PodPlacement pod) => _owners.GetValueOrDefault(KeyOf(pod));

    private static (string Kind, string Id) KeyOf(PodPlacement pod) => (pod.WorkloadKind ?? "", pod.Workload);

    private bool IsReady(PodPlacement pod) => !pod.IsEnding && Raw(pod) is { } raw && HasCondition(raw);

    private RawObject? Raw(PodPlacement pod) => _pods.GetValueOrDefault($"{pod.Workload.Split('/')[0]}/{pod.Pod}");

    private bool IsReady(string node) => _nodes.TryGetValue(node, out var raw) && HasCondition(raw);

    private static bool HasCondition(RawObject subject) => subject.At("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions && conditions.EnumerateArray().Any(condition =>
        condition.TryGetProperty("type", out var type) && type.GetString() == "Ready" && condition.TryGetProperty("status", out var status) && status.GetString() == "True");

    private static string NameOf(DisruptionBudget budget) => $"{budget.Namespace}/{budget.Name}";
}
