using System.Text.Json;
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
            throw new HaClusterException(FailureKind.InvalidInput, "", $"zone {zone}", "the cluster has no node there", $"Its zones are {string.Join(", ", model.Zones)}");
        var gone = model.Nodes.Where(node => node.Zone == zone).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var left = model.Nodes.Where(node => !gone.Contains(node.Name) && IsReady(node.Name)).ToList();
        var others = model.Zones.Where(other => other != zone && left.All(node => node.Zone != other)).ToList();
        if (left.Count == 0)
        {
            blockers.Add(new SafetyBlocker("", "", "", $"no other zone has a ready node: {zone} is the last one that works"));
            return $"zone {zone}";
        }

        blockers.AddRange(others.Select(other => new SafetyBlocker("", "", "", $"zone {other} has no ready node already: two zones would be down")));
        Serving(gone, blockers, isSudden: true);
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
        if (ready.Count - departure.Count < workload.MinServing)
        {
            blockers.Add(new SafetyBlocker(
                id, ready.FirstOrDefault()?.Pod ?? "", "", $"{ready.Count} replicas are ready and {workload.MinServing} must serve ({workload.ServingReason}): {departure.Count} cannot go at once"));
        }

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
            if (leaving.Count == 0 || Owner(leaving[0]) is not { } workload)
                continue;
            var staying = pods.Count(pod => (pod.Node is null || !gone.Contains(pod.Node)) && IsReady(pod));
            if (workload.Kind is WorkloadKind.DaemonSet or WorkloadKind.Job || staying >= workload.MinServing)
                continue;
            // A budget makes the drain wait for replacements.
            if (!isSudden && model.Budgets.Any(budget => budget.Covers(workload.Namespace, leaving[0].Spec.Labels)))
                continue;
            blockers.Add(new SafetyBlocker(
                workload.Id, leaving[0].Pod, "",
                $"{staying} of {pods.Count()} replicas would stay ready, and {workload.MinServing} must serve ({workload.ServingReason}): it is down until a replacement is ready"));
        }
    }

    /// <summary>The pods that must move find a place on the nodes that are there now.</summary>
    private void Room(HashSet<string> gone, List<SafetyBlocker> blockers)
    {
        var waitedBefore = ClusterSchedule.Of(model, seed: 0).Pods.Where(pod => pod.Node is null).Select(pod => $"{pod.Namespace}/{pod.Name}").ToHashSet(StringComparer.Ordinal);
        var moved = model with
        {
            Nodes = [.. model.Nodes.Where(node => !gone.Contains(node.Name) && IsReady(node.Name))],
            Placements =
            [
                .. model.Placements
                    // A pod of a DaemonSet belongs to its node; a pod that is going already does not come back.
                    .Where(pod => pod.Node is null || !gone.Contains(pod.Node) || (Owner(pod)?.Kind != WorkloadKind.DaemonSet && !pod.IsEnding))
                    .Select(pod => pod.Node is not null && gone.Contains(pod.Node) ? pod with { Node = null } : pod),
            ],
        };
        foreach (var pod in ClusterSchedule.Of(moved, seed: 0).Pods.Where(pod => pod.Node is null && !waitedBefore.Contains($"{pod.Namespace}/{pod.Name}")))
        {
            var workload = model.Workloads.FirstOrDefault(one => one.Id == pod.Workload);
            var staying = model.Placements.Count(other => other.Workload == pod.Workload && other.Node is not null && !gone.Contains(other.Node) && IsReady(other) && other.Pod != pod.Name);
            // Its volume stays in the zone: it waits there by design, while enough others serve.
            if (workload is { Kind: WorkloadKind.StatefulSet } && staying >= workload.MinServing && pod.Reason?.Contains("volume", StringComparison.OrdinalIgnoreCase) == true)
                continue;
            blockers.Add(new SafetyBlocker(pod.Workload, pod.Name, "", $"it finds no place on the nodes that stay: {pod.Reason}"));
        }
    }

    private void Budgets(HashSet<string> gone, List<SafetyBlocker> blockers)
    {
        foreach (var pod in model.Placements.Where(pod => pod.Node is not null && gone.Contains(pod.Node) && !pod.IsEnding && Owner(pod)?.Kind != WorkloadKind.DaemonSet))
        {
            blockers.AddRange(WhyNotEvicted(pod, 1));
            if (Owner(pod) is null or { Kind: WorkloadKind.Pod })
                blockers.Add(new SafetyBlocker(pod.Workload, pod.Pod, "", "no controller creates it again: it would be gone"));
        }
    }

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

    private Workload? Owner(PodPlacement pod) => _owners.GetValueOrDefault(KeyOf(pod));

    private static (string Kind, string Id) KeyOf(PodPlacement pod) => (pod.WorkloadKind ?? "", pod.Workload);

    private bool IsReady(PodPlacement pod) => !pod.IsEnding && _pods.TryGetValue($"{pod.Workload.Split('/')[0]}/{pod.Pod}", out var raw) && HasCondition(raw);

    private bool IsReady(string node) => _nodes.TryGetValue(node, out var raw) && HasCondition(raw);

    private static bool HasCondition(RawObject subject) => subject.At("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions && conditions.EnumerateArray().Any(condition =>
        condition.TryGetProperty("type", out var type) && type.GetString() == "Ready" && condition.TryGetProperty("status", out var status) && status.GetString() == "True");

    private static string NameOf(DisruptionBudget budget) => $"{budget.Namespace}/{budget.Name}";
}
