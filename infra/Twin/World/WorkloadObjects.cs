using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>The pods, ReplicaSets and revisions of a workload, and its status.</summary>
internal sealed class WorkloadObjects(World world, Volumes volumes)
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    private const string EarlierAnnotation = "deployment.kubernetes.io/revision-history";

    private int _addresses;

    private ObjectStore Store => world.Store;

    private WorkloadRecords Records => world.Records;

    private ResourceKind PodKind => Store.Kinds["pods"];

    public void Show(WorkloadRecord record)
    {
        var workload = record.Workload;
        var pods = world.Run.PodsOf(workload);
        if (Store.Find(record.Kind, workload.Namespace, workload.Name) is { } found && found.Uid == record.Uid && !record.IsDeleted)
        {
            var revisions = world.Run.RevisionsOf(workload);
            if (workload.ObjectKind == "Deployment")
                ShowReplicaSets(record, found, revisions, pods);
            else if (workload.ObjectKind is "StatefulSet" or "DaemonSet")
                ShowRevisions(record, found);
            ShowPods(record, found, pods);
            ShowStatus(record, revisions, pods);
        }
        else
        {
            ShowPods(record, null, pods);
            if (record.Live.Count == 0 && record.IsDeleted)
                Records.Remove(record);
        }
    }

    /// <summary>Workloads with a pod that the API server refused, though the run has it: it is offered again.</summary>
    public HashSet<WorkloadRecord> Refused { get; } = [];

    /// <summary>Deletes the objects of pods that the run has no more. Before others are shown: a StatefulSet gives their names to new ones.</summary>
    public void Remove(WorkloadRecord record)
    {
        var present = world.Run.PodsOf(record.Workload).Select(pod => pod.Pod).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var pod in record.Live.Keys.Where(pod => !present.Contains(pod)).ToList())
        {
            record.Live.Remove(pod);
            if (Store.Find(PodKind, pod.Namespace, pod.Name) is { } gone)
                Records.Wrote(Store.Delete(PodKind, gone.Namespace, gone.Name, new DeleteRequest { GracePeriodSeconds = 0 }).Object);
            volumes.Leave(pod);
        }
    }

    private void ShowPods(WorkloadRecord record, StoredObject? owner, IReadOnlyCollection<PodStatus> pods)
    {
        Refused.Remove(record);
        foreach (var pod in pods)
        {
            if (!record.Live.TryGetValue(pod.Pod, out var live))
                record.Live.Add(pod.Pod, live = new PodRecord { CreatedAt = Now, Address = NextAddress() });
            if (live.Shown != pod || live.Shown is null)
                ShowPod(record, owner, pod, live);
        }
    }

    private void ShowPod(WorkloadRecord record, StoredObject? owner, PodStatus pod, PodRecord live)
    {
        Time(pod, live);
        var isNew = live.Shown is null;
        live.Shown = pod;
        var (space, name) = (pod.Pod.Namespace, pod.Pod.Name);
        if (isNew && Store.Find(PodKind, space, name) is null)
        {
            if (owner is null || record.Templates.GetValueOrDefault(pod.Revision) is not { } template)
                return;
            var controller = owner.Kind.Kind == "Deployment" ? Store.Find(Store.Kinds["replicasets.apps"], space, SetName(record.Workload, pod.Revision)) ?? owner : owner;
            try
            {
                volumes.Make(pod, owner);
                world.Announce(Records.Wrote(Store.Create(PodKind, PodObjects.Make(record.Workload, pod, template, controller))));
            }
            catch (StatusException)
            {
                live.Shown = null;
                Refused.Add(record);
                return;
            }
        }

        volumes.Show(pod);
        var host = pod.Node is null ? null : world.Fleet.All.FirstOrDefault(instance => instance.Node.Name == pod.Node)?.Address;
        var isLost = pod.Node is not null && world.Run.LossOf(pod.Node) is { IsMarked: true };
        var written = Store.Change(PodKind, space, name, value =>
        {
            var spec = value.Member("spec");
            if (pod.Node is not null)
                spec["nodeName"] = pod.Node;
            var status = PodObjects.Status(spec, pod, live, PodObjects.Stamp(Now), host, isLost);
            value["status"] = status;
        });
        if (written is null)
            return;
        Records.Wrote(written);
        if (pod.IsTerminating && !written.IsDeleting)
            Records.Wrote(Store.Delete(PodKind, space, name, new DeleteRequest { Uid = written.Uid }).Object);
    }

    private void Time(PodStatus pod, PodRecord live)
    {
        if (pod.Node is not null)
            live.ScheduledAt ??= Now;
        if (pod.Stage is PodStage.Starting or PodStage.Running)
            live.StartedAt ??= Now;
        // It starts again where it ran before: its node came back.
        if (live.Shown is { Stage: PodStage.Running } && pod.Stage == PodStage.Starting)
            (live.Restarts, live.StartedAt) = (live.Restarts + 1, Now);
        if (live.WasReady == pod.IsReady)
            return;
        (live.WasReady, live.ReadyChangedAt) = (pod.IsReady, Now);
    }

    private void ShowReplicaSets(WorkloadRecord record, StoredObject deployment, IReadOnlyList<RevisionStatus> revisions, IReadOnlyCollection<PodStatus> pods)
    {
        var kind = Store.Kinds["replicasets.apps"];
        if (Records.Find(record.Workload) is { } own && own.CurrentRevision != revisions[^1].Revision)
            own.CurrentRevision = revisions[^1].Revision;
        foreach (var revision in revisions)
        {
            if (record.Templates.GetValueOrDefault(revision.Revision) is not { } template)
                continue;
            var number = record.Numbers.GetValueOrDefault(revision.Revision, 1);
            if (revision.IsCurrent && record.Numbers.Values.Max() > number)
                record.Numbers[revision.Revision] = number = record.Numbers.Values.Max() + 1;
            var name = SetName(record.Workload, revision.Revision);
            if (Store.Find(kind, deployment.Namespace, name) is null)
                Records.Wrote(Store.Create(kind, MakeSet(record, deployment, template, revision, name)));
            var of = pods.Where(pod => pod.Revision == revision.Revision && !pod.IsTerminating).ToList();
            Change(kind, deployment.Namespace!, name, value =>
            {
                value.Member("spec")["replicas"] = revision.Target;
                Number(value.Member("metadata").Member("annotations"), Text(number));
                value["status"] = Json.Map(
                    ("replicas", of.Count), ("fullyLabeledReplicas", of.Count), ("readyReplicas", of.Count(pod => pod.IsReady)), ("availableReplicas", of.Count(pod => pod.IsAvailable)),
                    ("observedGeneration", (long?)value["metadata"]?["generation"] ?? 1),
                    ("conditions", revision.IsCurrent && world.Run.RefusalOf(record.Workload) is { } refusal
                        ? new JsonArray(PodObjects.Condition("ReplicaFailure", true, PodObjects.Stamp(Now), "FailedCreate", refusal)) : null));
            });
        }

        Change(record.Kind, deployment.Namespace!, deployment.Name, value =>
            value.Member("metadata").Member("annotations")[RevisionAnnotation] = Text(record.Numbers.GetValueOrDefault(revisions[^1].Revision, 1)));
        foreach (var stale in Store.List(kind, deployment.Namespace).Items.Where(set => set.Owners.Any(one => one.Uid == record.Uid)).ToList())
        {
            if (!revisions.Any(revision => SetName(record.Workload, revision.Revision) == stale.Name) && !pods.Any(pod => SetName(record.Workload, pod.Revision) == stale.Name))
                Records.Wrote(Store.Delete(kind, stale.Namespace, stale.Name).Object);
        }
    }

    /// <summary>A ReplicaSet that is used again keeps the numbers that it had: https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/deployment/util/deployment_util.go (SetNewReplicaSetAnnotations).</summary>
    private static void Number(JsonObject annotations, string number)
    {
        if ((string?)annotations[RevisionAnnotation] is { } before && before != number)
            annotations[EarlierAnnotation] = (string?)annotations[EarlierAnnotation] is { Length: > 0 } earlier ? $"{earlier},{before}" : before;
        annotations[RevisionAnnotation] = number;
    }

    private static JsonObject MakeSet(WorkloadRecord record, StoredObject deployment, JsonObject template, RevisionStatus revision, string name)
    {
        var hash = PodNames.HashOf(record.Workload, revision.Revision);
        var own = template.DeepClone().AsObject();
        own.Member("metadata").Member("labels")["pod-template-hash"] = hash;
        var labels = own["metadata"]!["labels"]!.DeepClone().AsObject();
        var selector = deployment.Find("spec", "selector")?.Copy() ?? Json.Map(("matchLabels", labels.DeepClone()));
        selector.Member("matchLabels")["pod-template-hash"] = hash;
        return Json.Map(
            ("metadata", Json.Map(
                ("name", name), ("namespace", deployment.Namespace), ("labels", labels), ("ownerReferences", new JsonArray(PodObjects.Owner(deployment))))),
            ("spec", Json.Map(
                ("replicas", revision.Target),
                ("minReadySeconds", deployment.Number("spec", "minReadySeconds") is { } seconds ? JsonValue.Create(seconds) : null),
                ("selector", selector),
                ("template", own))));
    }

    /// <summary>What <c>kubectl rollout undo</c> goes back to: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#revision-history</summary>
    private void ShowRevisions(WorkloadRecord record, StoredObject owner)
    {
        var kind = Store.Kinds["controllerrevisions.apps"];
        foreach (var (revision, template) in record.Templates)
        {
            var name = $"{owner.Name}-{PodNames.HashOf(record.Workload, revision)}";
            if (Store.Find(kind, owner.Namespace, name) is { } known)
            {
                if (known.Number("revision") != record.Numbers[revision])
                    Change(kind, owner.Namespace!, name, value => value["revision"] = record.Numbers[revision]);
                continue;
            }

            var patch = template.DeepClone().AsObject();
            patch["$patch"] = "replace";
            Records.Wrote(Store.Create(kind, Json.Map(
                ("metadata", Json.Map(
                    ("name", name), ("namespace", owner.Namespace), ("labels", template["metadata"]?["labels"]?.DeepClone()), ("ownerReferences", new JsonArray(PodObjects.Owner(owner))))),
                ("data", Json.Map(("spec", Json.Map(("template", patch))))),
                ("revision", record.Numbers[revision]))));
        }
    }

    private void ShowStatus(WorkloadRecord record, IReadOnlyList<RevisionStatus> revisions, IReadOnlyCollection<PodStatus> pods)
    {
        var status = WorkloadStatuses.Of(world, record, revisions, pods, Now);
        var text = status.ToJsonString();
        if (text == record.Status)
            return;
        record.Status = text;
        Change(record.Kind, record.Workload.Namespace, record.Workload.Name, value =>
        {
            // The kubelet writes the status of a pod; that of a CronJob is about its Jobs.
            if (record.Workload.ObjectKind is not ("Pod" or "CronJob"))
                value["status"] = WorkloadStatuses.Since(status, value["status"] as JsonObject);
        });
    }

    private void Change(ResourceKind kind, string @namespace, string name, Action<JsonObject> change)
    {
        if (Store.Change(kind, @namespace, name, change) is { } written)
            Records.Wrote(written);
    }

    private static string SetName(Workload workload, int revision) => $"{workload.Name}-{PodNames.HashOf(workload, revision)}";

    private DateTimeOffset Now => world.Clock.At(world.Run.Now);

    private string NextAddress()
    {
        var number = ++_addresses;
        return string.Create(CultureInfo.InvariantCulture, $"10.{64 + (number / 62_500)}.{number / 250 % 250}.{(number % 250) + 2}");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
