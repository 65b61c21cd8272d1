using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Running.Status;
using HaCluster.Simulation.Scheduling;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>Node objects: what the run shows of its nodes, and what people change on them.</summary>
internal sealed class Nodes(World world)
{
    private const string OutOfService = "node.kubernetes.io/out-of-service";

    private readonly Dictionary<string, Shown> _shown = new(StringComparer.Ordinal);

    private ObjectStore Store => world.Store;

    /// <summary>A client changed or deleted the node.</summary>
    public static void Absorb(World world, StoredObject? current, string name)
    {
        var run = world.Run;
        if (run.State.Find(name) is not { } node)
            return;
        if (current is null or { IsDeleting: true })
        {
            run.Apply(new Change.NodeDeleted(name));
            return;
        }

        var isCordoned = current.Find("spec", "unschedulable") is { ValueKind: JsonValueKind.True };
        if (isCordoned != node.IsUnschedulable)
            run.Apply(new Change.NodeCordoned(name, isCordoned));
        var taints = TaintsOf(current);
        if (taints.Any(taint => taint.Key == OutOfService) && !node.Taints.Any(taint => taint.Key == OutOfService) && run.LossOf(name) is { IsGone: false })
            run.Apply(new Disruption.NodeOutOfService(name));
        var labels = current.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal);
        if (!labels.SequenceEqual(node.Node.Labels) || !taints.Where(IsOfPeople).ToHashSet().SetEquals(node.Taints.Where(IsOfPeople)))
            run.Apply(new Change.NodeLabelled(name, labels, taints));
    }

    public void Show()
    {
        var run = world.Run;
        world.Fleet.Follow(run);
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in run.State.Nodes)
        {
            present.Add(node.Node.Name);
            Show(node, run.LossOf(node.Node.Name));
        }

        foreach (var name in _shown.Keys.Where(name => !present.Contains(name)).ToList())
        {
            _shown.Remove(name);
            foreach (var resource in new[] { "nodes", "csinodes.storage.k8s.io" })
            {
                if (Store.Find(Store.Kinds[resource], null, name) is not null)
                    world.Records.Wrote(Store.Delete(Store.Kinds[resource], null, name).Object);
            }
        }
    }

    private static bool IsOfPeople(Taint taint) => taint.Key == OutOfService || !taint.Key.StartsWith("node.kubernetes.io/", StringComparison.Ordinal);

    private void Show(NodeState node, LostNode? loss)
    {
        var isLost = loss is { IsMarked: true };
        var name = node.Node.Name;
        var now = new Shown(isLost, node.IsUnschedulable, node.Taints, node.Node.Labels);
        _shown.TryGetValue(name, out var before);
        if (before is not null && before.IsSame(now))
            return;
        var stamp = PodObjects.Stamp(world.Clock.At(world.Run.Now));
        var heardAt = PodObjects.Stamp(world.Clock.At(loss?.FailedAt ?? world.Run.Now));
        var kind = Store.Kinds["nodes"];
        if (Store.Find(kind, null, name) is null)
        {
            var instance = world.Fleet.Of(node.Node, world.Run.Now);
            world.Records.Wrote(Store.Create(kind, NodeObjects.Make(node.Node, instance, world.Plan.Model.Version ?? "1.36")));
            if (Store.Find(Store.Kinds["csinodes.storage.k8s.io"], null, name) is null)
                world.Records.Wrote(Store.Create(Store.Kinds["csinodes.storage.k8s.io"], NodeObjects.Drivers(node.Node, instance)));
        }

        var written = Store.Change(kind, null, name, value =>
        {
            var spec = value.Member("spec");
            if (node.IsUnschedulable)
                spec["unschedulable"] = true;
            else
                spec.Remove("unschedulable");
            var taints = NodeObjects.Taints(node, stamp);
            if (taints.Count > 0)
                spec["taints"] = taints;
            else
                spec.Remove("taints");
            if (before is null || before.IsLost != isLost)
                value.Member("status")["conditions"] = NodeObjects.Conditions(isLost, stamp, heardAt);
        });
        if (written is not null)
            world.Records.Wrote(written);
        _shown[name] = now;
    }

    private static ImmutableArray<Taint> TaintsOf(StoredObject node) => node.Find("spec", "taints") is not { ValueKind: JsonValueKind.Array } taints ? [] :
    [
        .. taints.EnumerateArray().Select(taint => new Taint(
            taint.GetProperty("key").GetString() ?? "",
            taint.TryGetProperty("value", out var value) ? value.GetString() ?? "" : "",
            Enum.TryParse<TaintEffect>(taint.GetProperty("effect").GetString(), out var effect) ? effect : TaintEffect.NoSchedule)),
    ];

    /// <summary>What the object shows.</summary>
    private sealed record Shown(bool IsLost, bool IsUnschedulable, ImmutableArray<Taint> Taints, ImmutableSortedDictionary<string, string> Labels)
    {
        public bool IsSame(Shown other) => IsLost == other.IsLost && IsUnschedulable == other.IsUnschedulable && Taints.SequenceEqual(other.Taints);
    }
}
