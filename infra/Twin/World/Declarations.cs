using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Planning.Modelling;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Storage;
using HaCluster.Twin.World.Backups;
using HaCluster.Twin.World.Batch;

namespace HaCluster.Twin.World;

/// <summary>What clients write into the store becomes changes of the run.</summary>
internal sealed class Declarations
{
    /// <summary>Objects that the world reads. Others are only stored.</summary>
    private static readonly string[] Watched =
    [
        "namespaces", "priorityclasses.scheduling.k8s.io", "runtimeclasses.node.k8s.io", "storageclasses.storage.k8s.io", "persistentvolumes", "persistentvolumeclaims",
        "limitranges", "resourcequotas", "poddisruptionbudgets.policy", "horizontalpodautoscalers.autoscaling", "services",
        "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps", "replicationcontrollers", "jobs.batch", "cronjobs.batch",
        "pods", "nodes",
    ];

    private readonly World _world;
    private readonly IncrementalReader _reader;
    private readonly List<WatchCursor> _cursors = [];
    private readonly List<Task> _waits = [];

    /// <summary>What objects of the context declare, as text.</summary>
    private readonly Dictionary<(string Resource, string? Namespace, string Name), string> _texts = [];

    public Declarations(World world)
    {
        _world = world;
        // Nodes, version and built-in classes stay; everything else is an object.
        _reader = new IncrementalReader(world.Plan.Model with
        {
            Workloads = [],
            Budgets = [],
            Quotas = [],
            PriorityClasses = [],
            RuntimeClasses = [],
            ContainerDefaults = [],
            Placements = [],
            Claims = [],
            ObjectCounts = [],
            Unknown = [],
            Notes = [],
            Assumptions = [],
        });
    }

    private ObjectStore Store => _world.Store;

    private ClusterRun Run => _world.Run;

    private WorkloadRecords Records => _world.Records;

    /// <summary>Writes the planned objects into the store, and binds them to the workloads of the run.</summary>
    public void Begin()
    {
        // The object that is applied last wins, as in the model.
        var objects = _world.Plan.Objects.AsEnumerable().Reverse()
            .DistinctBy(one => (one.Group, one.Kind, one.Namespace, one.Name)).Reverse().ToList();
        new PlannedObjects(Store, Records, _world.Clock.At(TimeSpan.Zero)).Write(objects);
        _world.Velero.Define();
        foreach (var resource in Watched.Concat(_world.Velero.Watched))
        {
            var (list, cursor) = Store.ListAndWatch(Store.Kinds[resource]);
            _cursors.Add(cursor);
            foreach (var item in list.Items)
            {
                if (IncrementalReader.IsContext(item.Kind.Kind))
                {
                    _reader.Put(item.Root);
                    _texts[(item.Kind.Resource, item.Namespace, item.Name)] = DeclaredObject.TextOf(item);
                }
                else if (DeclaredObject.WorkloadKindOf(item) is not null && item.Kind.Kind != "Pod")
                    Bind(item);
                if (item.Kind.Kind == "CronJob")
                    _world.CronJobs.Begin(item);
            }
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_waits.Count == 0)
            _waits.AddRange(_cursors.Select(cursor => cursor.WaitAsync(CancellationToken.None)));
        await Task.WhenAny(_waits).WaitAsync(cancellationToken);
        for (var at = 0; at < _waits.Count; at++)
        {
            if (_waits[at].IsCompleted)
                _waits[at] = _cursors[at].WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Takes in what was written since the last call.</summary>
    public void Absorb()
    {
        var changed = new OrderedDictionary<(ResourceKind Kind, string? Namespace, string Name), StoredObject>();
        foreach (var cursor in _cursors)
        {
            while (cursor.TryRead(out var change))
            {
                if (!Records.IsOwn(change))
                    changed[(change.Object.Kind, change.Object.Namespace, change.Object.Name)] = change.Object;
            }
        }

        if (changed.Count == 0)
            return;
        Rule([.. changed.Keys.Where(key => IncrementalReader.IsContext(key.Kind.Kind))]);
        foreach (var ((kind, @namespace, name), last) in changed)
        {
            // Several changes in a row count as one: what matters is the object now.
            var current = Store.Find(kind, @namespace, name);
            switch (kind.Kind)
            {
                case "Node":
                    Nodes.Absorb(_world, current, name);
                    break;
                case "Pod":
                    Pod(current, last);
                    break;
                case "PersistentVolumeClaim":
                    _world.Volumes.Absorb(current, @namespace!, name);
                    break;
                default:
                    if (kind.Kind == "CronJob")
                        _world.CronJobs.Absorb(current, @namespace!, name);
                    if (kind.Group == Velero.Group)
                        _world.Velero.Absorb(kind, current, @namespace!, name);
                    else if (DeclaredObject.WorkloadKindOf(last) is not null)
                        Workload(current, last);
                    break;
            }
        }
    }

    private void Rule(IReadOnlyCollection<(ResourceKind Kind, string? Namespace, string Name)> keys)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (kind, @namespace, name) in keys)
        {
            if (_world.Volumes.IsOwn(kind, @namespace, name))
                continue;
            var current = Store.Find(kind, @namespace, name) is { IsDeleting: false } found ? found : null;
            var text = current is null ? null : DeclaredObject.TextOf(current);
            // Only its status changed.
            if (text is not null && _texts.GetValueOrDefault((kind.Resource, @namespace, name)) == text)
                continue;
            kinds.Add(kind.Kind);
            if (current is not null)
            {
                _texts[(kind.Resource, @namespace, name)] = text!;
                _reader.Put(current.Root);
            }
            else
            {
                _texts.Remove((kind.Resource, @namespace, name));
                _reader.Remove(kind.Kind, @namespace, name);
            }
        }

        if (!kinds.Overlaps(["PodDisruptionBudget", "ResourceQuota", "StorageClass", "PersistentVolume", "PersistentVolumeClaim"]))
            return;
        var model = _reader.Read([]);
        Run.Apply(new Change.RulesApplied
        {
            Budgets = kinds.Contains("PodDisruptionBudget") ? model.Budgets : null,
            Quotas = kinds.Contains("ResourceQuota") ? model.Quotas : null,
            Storage = kinds.Overlaps(["StorageClass", "PersistentVolume", "PersistentVolumeClaim"]) ? model.Storage : null,
        });
    }

    /// <summary>The object of a planned workload: the run has it already.</summary>
    private void Bind(StoredObject item)
    {
        var id = $"{item.Namespace}/{item.Name}";
        if (Run.Model.Workloads.FirstOrDefault(workload => workload.ObjectKind == item.Kind.Kind && workload.Id == id) is not { } workload)
        {
            Workload(item, item);
            return;
        }

        var record = new WorkloadRecord(item.Kind, workload) { Uid = item.Uid, ProgressedAt = _world.Clock.At(Run.Now) };
        record.Pods[DeclaredObject.TemplateTextOf(item)] = workload.Pods;
        if (item.Kind.Kind == "Job")
            record.Job = _world.Jobs.Ended(item);
        Records.Add(record);
        Remember(record, item);
        // A pod that never becomes ready is not steady.
        if (NeverReady.Applies(DeclaredObject.TemplateOf(item)))
            Workload(item, item);
    }

    private void Workload(StoredObject? current, StoredObject last)
    {
        var id = $"{last.Namespace}/{last.Name}";
        var record = Records.Find(last.Kind.Kind, id);
        if (record is not null && !record.IsDeleted && (current is null || current.IsDeleting || current.Uid != record.Uid))
        {
            record.IsDeleted = true;
            Run.Apply(new Change.WorkloadDeleted(last.Kind.Kind, id));
        }

        if (current is null or { IsDeleting: true } || Read(current, record) is not { } declared)
            return;
        if (record is null || record.IsDeleted)
        {
            var former = record;
            record = new WorkloadRecord(current.Kind, declared) { Uid = current.Uid, ProgressedAt = _world.Clock.At(Run.Now) };
            // Pods of the deleted one may still be ending.
            foreach (var (pod, live) in former?.Live ?? [])
                record.Live.Add(pod, live);
            record.Pods[DeclaredObject.TemplateTextOf(current)] = declared.Pods;
            if (current.Kind.Kind == "Job")
                record.Job = new JobProgress();
            Records.Add(record);
        }

        record.Workload = declared;
        Run.Apply(new Change.WorkloadApplied(declared));
        Remember(record, current);
        _world.Jobs.Follow(record, current);
    }

    private void Remember(WorkloadRecord record, StoredObject item) => record.Remember(Run.RevisionsOf(record.Workload)[^1].Revision, item, _world.Clock.At(Run.Now));

    private Workload? Read(StoredObject item, WorkloadRecord? record)
    {
        if (_reader.Read(item.Root).Workloads is not [var read])
            return null;
        var text = DeclaredObject.TemplateTextOf(item);
        if (record?.Pods.GetValueOrDefault(text) is not { } pods)
        {
            pods = NeverReady.Applies(DeclaredObject.TemplateOf(item)) ? read.Pods with { StartsWithin = PodSpec.NeverStarts } : read.Pods;
            if (record is not null)
                record.Pods[text] = pods;
        }

        // Nothing rolls while a Deployment is paused.
        if (record is { IsDeleted: false } && item.Find("spec", "paused") is { ValueKind: JsonValueKind.True })
            pods = record.Workload.Pods;
        var replicas = read.Replicas;
        if (read.MaxReplicas is { } most)
            replicas = Math.Clamp((int)(item.Number("spec", "replicas") ?? read.Replicas), Math.Min(read.Replicas, most), most);
        if (item.Kind.Kind == "CronJob")
            replicas = 0;
        else if (item.Kind.Kind == "Job")
            replicas = Jobs.Wanted(item, record is { IsDeleted: false, Job: { } progress } ? progress : new JobProgress());
        return read with { Pods = pods, Replicas = replicas, Source = record?.Workload.Source ?? read.Source };
    }

    private void Pod(StoredObject? current, StoredObject last)
    {
        var id = $"{last.Namespace}/{last.Name}";
        var known = Run.FindPod(id);
        if (current is null)
        {
            if (known is not null && !last.IsDeleting)
                Run.Apply(new Change.PodDeleted(id, IsForced: true));
            else if (known is not null && _world.Records.Find(known.Pod.Workload)?.Live.GetValueOrDefault(known.Pod)?.Shown is not null)
                Run.Apply(new Change.PodDeleted(id, IsForced: true));
            return;
        }

        if (known is null && !current.IsDeleting && !current.Owners.Any(owner => owner.IsController))
            Adopt(current);
        else if (known is { IsTerminating: false } && current.IsDeleting)
            Run.Apply(new Change.PodDeleted(id));
    }

    /// <summary>A pod that somebody created without a controller.</summary>
    private void Adopt(StoredObject item)
    {
        var value = item.ToJson();
        value.Remove("status");
        // It is read as admission sees it, not as one that runs already.
        foreach (var field in new[] { "uid", "creationTimestamp" })
            value["metadata"]!.AsObject().Remove(field);
        using var document = JsonDocument.Parse(value.ToJsonString());
        if (_reader.Read(document.RootElement).Workloads is not [var read])
            return;
        if (NeverReady.Applies(item.Root))
            read = read with { Pods = read.Pods with { StartsWithin = PodSpec.NeverStarts } };
        var record = new WorkloadRecord(item.Kind, read) { Uid = item.Uid, ProgressedAt = _world.Clock.At(Run.Now) };
        record.Templates[0] = item.ToJson();
        Records.Add(record);
        Run.Apply(new Change.WorkloadApplied(read));
    }
}
