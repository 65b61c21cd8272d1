using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>Returns the pod template of a workload to a revision that the cluster has kept, and waits until it is rolled out.</summary>
internal sealed record RevisionStep(string Kind, string Namespace, string Name, string From, string Revision, TimeSpan Timeout) : Step
{
    public override string Id => $"revision/{Kind}/{Namespace}/{Name}";

    public override string Title => $"Return {Kind} {Namespace}/{Name} to revision {Revision}";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(90);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        var images = string.Join(", ", workload.Template.Spec.Containers.Select(container => container.Image));
        var found = Facts(("images", images));
        if (!await IsAtAsync(context, Revision, cancellationToken))
            return StepCheck.ToDo(found);
        return workload.Progress is null ? StepCheck.Done(found, $"it is at revision {Revision}") : StepCheck.UnderWay(found, workload.Progress);
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => SetAsync(context, Revision, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token => (await CheckAsync(context, token)) is { Need: not StepNeed.Done } check ? check.Detail.Length > 0 ? check.Detail : "it is at another revision" : null, cancellationToken);
        return (await CheckAsync(context, cancellationToken)).Found;
    }

    public override async Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        if (await IsAtAsync(context, Revision, cancellationToken))
            await SetAsync(context, From, cancellationToken);
    }

    private async Task<bool> IsAtAsync(StepContext context, string revision, CancellationToken cancellationToken) =>
        JsonNode.DeepEquals(
            await RevisionHistory.PresentAsync(context, Kind, Namespace, Name, cancellationToken),
            (await FindAsync(context, revision, cancellationToken)).Template);

    private async Task SetAsync(StepContext context, string revision, CancellationToken cancellationToken) =>
        await RevisionHistory.SetAsync(context, Kind, Namespace, Name, (await FindAsync(context, revision, cancellationToken)).Template, cancellationToken);

    private async Task<RevisionHistory> FindAsync(StepContext context, string revision, CancellationToken cancellationToken) =>
        (await RevisionHistory.ListAsync(context, Kind, Namespace, Name, cancellationToken)).FirstOrDefault(kept => kept.Id == revision) ?? throw new HaClusterException(
            FailureKind.NotFound, "", $"{Namespace}/{Name}", $"revision {revision} is not kept any more", "kubectl rollout history lists those that are");
}

/// <summary>A pod template that the cluster has kept.</summary>
/// <param name="Id">Name of the ReplicaSet or ControllerRevision: the number of a revision changes when it is used again.</param>
internal sealed record RevisionHistory(string Id, long Number, JsonObject Template)
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    private const string HashLabel = "pod-template-hash";

    /// <summary>The newest first.</summary>
    public static async Task<IReadOnlyList<RevisionHistory>> ListAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken)
    {
        var scope = ListScope.In(@namespace);
        var all = kind == "Deployment"
            ? from set in (await context.Kubernetes.ListAsync(Kinds.ReplicaSets.As<JsonObject>(), scope, cancellationToken)).Items
              where IsOwnedBy(set, kind, name) && set["metadata"]?["annotations"]?[RevisionAnnotation] is not null
              select new RevisionHistory(
                  set["metadata"]!["name"]!.GetValue<string>(),
                  long.Parse(set["metadata"]!["annotations"]![RevisionAnnotation]!.GetValue<string>(), CultureInfo.InvariantCulture),
                  WithoutHash(set["spec"]!["template"]!.DeepClone().AsObject()))
            : from revision in (await context.Kubernetes.ListAsync(Kinds.ControllerRevisions.As<JsonObject>(), scope, cancellationToken)).Items
              where IsOwnedBy(revision, kind, name)
              let template = revision["data"]!["spec"]!["template"]!.DeepClone().AsObject()
              let dropped = template.Remove("$patch")
              select new RevisionHistory(revision["metadata"]!["name"]!.GetValue<string>(), revision["revision"]!.GetValue<long>(), template);
        return [.. all.OrderByDescending(revision => revision.Number)];
    }

    public static async Task<JsonObject> PresentAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken) =>
        (await ObjectAsync(context, kind, @namespace, name, cancellationToken))["spec"]!["template"]!.DeepClone().AsObject();

    public static async Task SetAsync(StepContext context, string kind, string @namespace, string name, JsonObject template, CancellationToken cancellationToken)
    {
        var present = await ObjectAsync(context, kind, @namespace, name, cancellationToken);
        present["spec"]!["template"] = template.DeepClone();
        // With its resourceVersion: a change in between is a conflict, not lost.
        await context.Kubernetes.ReplaceAsync(KindOf(kind), @namespace, name, present, cancellationToken);
    }

    private static async Task<JsonObject> ObjectAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken) =>
        await context.Kubernetes.FindAsync(KindOf(kind), @namespace, name, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "", $"{@namespace}/{name}", "there is no such workload (any more)", "Get-HaWorkload lists them");

    private static Kind<JsonObject> KindOf(string kind) => kind switch
    {
        "Deployment" => Kinds.Deployments.As<JsonObject>(),
        "StatefulSet" => Kinds.StatefulSets.As<JsonObject>(),
        _ => Kinds.DaemonSets.As<JsonObject>(),
    };

    private static bool IsOwnedBy(JsonObject subject, string kind, string name) =>
        subject["metadata"]?["ownerReferences"]?.AsArray().Any(owner => owner!["kind"]?.GetValue<string>() == kind && owner["name"]?.GetValue<string>() == name) == true;

    private static JsonObject WithoutHash(JsonObject template)
    {
        (template["metadata"]?["labels"] as JsonObject)?.Remove(HashLabel);
        return template;
    }
}
