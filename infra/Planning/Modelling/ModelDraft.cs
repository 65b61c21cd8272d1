using System.Collections.Immutable;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling;

/// <summary>The model while it is read. Findings and assumptions are recorded once, in order of appearance.</summary>
internal sealed class ModelDraft
{
    private readonly List<string> _assumptions = [];
    private readonly List<UnknownObject> _unknown = [];
    private readonly List<ModelNote> _notes = [];

    public List<NodeGroup> NodeGroups { get; } = [];

    public List<Node> Nodes { get; } = [];

    public List<Workload> Workloads { get; } = [];

    public List<DisruptionBudget> Budgets { get; } = [];

    public List<NamespaceQuota> Quotas { get; } = [];

    public List<PriorityClass> PriorityClasses { get; } = [];

    public List<RuntimeClass> RuntimeClasses { get; } = [];

    public List<string> Namespaces { get; } = [];

    public HashSet<string> Provided { get; } = new(StringComparer.Ordinal);

    public List<ContainerDefault> ContainerDefaults { get; } = [];

    /// <summary>Objects of the existing cluster; null when they are not known.</summary>
    public ClusterStorage? Storage { get; set; }

    public List<PodPlacement> Placements { get; } = [];

    public List<DeclaredClaim> Claims { get; } = [];

    public List<ObjectCount> ObjectCounts { get; } = [];

    public void Assume(string sentence)
    {
        if (!_assumptions.Contains(sentence))
            _assumptions.Add(sentence);
    }

    /// <param name="hidesPods">It creates pods, or may, that are not in the model.</param>
    public void AddUnknown(string subject, string reason, bool hidesPods = false)
    {
        var unknown = new UnknownObject(subject, reason, hidesPods);
        if (!_unknown.Contains(unknown))
            _unknown.Add(unknown);
    }

    /// <summary>Reports objects that these pods need to start and that are neither here nor in the cluster.</summary>
    /// <param name="kinds">The kinds to report: those that were collected.</param>
    public void NoteMissing(IEnumerable<ClusterObject> objects, ClusterModel cluster, IReadOnlySet<string> kinds)
    {
        var provided = cluster.Provided.Union(Provided);
        foreach (var subject in objects)
        {
            var missing = References.Missing(subject, provided).Where(reference => kinds.Contains(reference.Split(' ')[0])).ToList();
            if (missing.Count > 0)
            {
                AddNote(
                    $"{subject.Object.Kind} {subject.Namespace}/{subject.Name}",
                    $"its pods do not start without {string.Join(", ", missing)}, which nothing here creates; add {(missing.Count == 1 ? "it" : "them")}, or mark the reference optional");
            }
        }
    }

    public void Take(ManifestSet manifests)
    {
        foreach (var aside in manifests.Aside)
            AddUnknown(aside.Subject, aside.Reason, aside.HidesPods);
        foreach (var note in manifests.Notes)
            AddNote(note.Subject, note.Text);
    }

    public void AddNote(string subject, string text)
    {
        var note = new ModelNote(subject, text);
        if (!_notes.Contains(note))
            _notes.Add(note);
    }

    /// <summary>Completes the model; lists are sorted, independent of the order of declaration.</summary>
    public ClusterModel Onto(ClusterModel cluster) => cluster with
    {
        NodeGroups = [.. cluster.NodeGroups, .. NodeGroups.OrderBy(group => group.Name, StringComparer.Ordinal)],
        Nodes = [.. cluster.Nodes, .. Nodes.OrderBy(node => node.Name, StringComparer.Ordinal)],
        // The object applied last wins.
        Workloads = ToldApart(
        [
            .. cluster.Workloads.ExceptBy(Workloads.Select(KeyOf), KeyOf),
            .. Workloads.AsEnumerable().Reverse().DistinctBy(KeyOf).OrderBy(workload => workload.Id, StringComparer.Ordinal).ThenBy(workload => workload.ObjectKind, StringComparer.Ordinal),
        ]),
        Budgets = [.. cluster.Budgets, .. Budgets.OrderBy(budget => budget.Namespace, StringComparer.Ordinal).ThenBy(budget => budget.Name, StringComparer.Ordinal)],
        Quotas = [.. cluster.Quotas, .. Quotas.OrderBy(quota => quota.Namespace, StringComparer.Ordinal).ThenBy(quota => quota.Name, StringComparer.Ordinal)],
        PriorityClasses = [.. cluster.PriorityClasses.Concat(PriorityClasses).DistinctBy(one => one.Name).OrderBy(one => one.Name, StringComparer.Ordinal)],
        RuntimeClasses = [.. cluster.RuntimeClasses.Concat(RuntimeClasses).DistinctBy(one => one.Name).OrderBy(one => one.Name, StringComparer.Ordinal)],
        Namespaces = [.. cluster.Namespaces.Union(Namespaces, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Provided = cluster.Provided.Union(Provided),
        // The new workloads were read with the old ones in the index.
        ContainerDefaults = [.. ContainerDefaults.UnionBy(cluster.ContainerDefaults, one => one.Namespace).OrderBy(one => one.Namespace, StringComparer.Ordinal)],
        Storage = Storage ?? cluster.Storage,
        Placements = [.. cluster.Placements, .. Placements],
        Claims = [.. cluster.Claims, .. Claims],
        ObjectCounts = [.. cluster.ObjectCounts, .. ObjectCounts],
        Unknown = [.. cluster.Unknown, .. _unknown],
        Notes = [.. cluster.Notes.Union(_notes)],
        Assumptions = [.. cluster.Assumptions.Concat(_assumptions).Distinct()],
    };

    private static ImmutableArray<Workload> ToldApart(ImmutableArray<Workload> workloads)
    {
        var namesakes = workloads.CountBy(workload => workload.Id).Where(count => count.Value > 1).Select(count => count.Key).ToHashSet(StringComparer.Ordinal);
        return [.. workloads.Select(workload => namesakes.Contains(workload.Id) ? workload with { HasNamesake = true } : workload)];
    }

    private static (string Kind, string Id) KeyOf(Workload workload) => (workload.ObjectKind, workload.Id);
}
