using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s;
using k8s.Models;

namespace HaCluster.Operations.Chains;

/// <summary>
/// Takes a StatefulSet away without its pods, so that it does not make an empty claim in between. Its manifest is in the step: whoever goes on after a kill
/// can create it again.
/// </summary>
internal sealed record DetachSetStep(string Namespace, string Set, string SetManifest) : Step
{
    public override string Id => $"detach/{Namespace}/{Set}";

    public override string Title => $"Delete StatefulSet {Namespace}/{Set} and keep its pods";

    public override string Subject => $"statefulset/{Namespace}/{Set}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(2);

    /// <summary>As it is created again: without what the API server adds.</summary>
    public static string Manifest(V1StatefulSet set)
    {
        var manifest = JsonNode.Parse(KubernetesJson.Serialize(set))!.AsObject();
        manifest["apiVersion"] = "apps/v1";
        manifest["kind"] = "StatefulSet";
        manifest.Remove("status");
        var metadata = manifest["metadata"]!.AsObject();
        foreach (var added in new[] { "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink" })
            metadata.Remove(added);
        return manifest.ToJsonString();
    }

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var isThere = await context.Kubernetes.FindAsync(Kinds.StatefulSets, Namespace, Set, cancellationToken) is not null;
        return StepCheck.DoneIf(!isThere, Facts((".there", isThere ? "yes" : "no")), "it is deleted");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) =>
        context.Kubernetes.DeleteAsync(Kinds.StatefulSets, Namespace, Set, cancellationToken, new DeleteOptions(Propagation: "Orphan"));

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, TimeSpan.FromMinutes(2), async token => (await CheckAsync(context, token)).Need == StepNeed.Done ? null : $"{Set} still exists", cancellationToken);
        return Facts((".there", "no"));
    }

    public override Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken) => CreateAsync(context, Namespace, SetManifest, cancellationToken);

    public static async Task CreateAsync(StepContext context, string @namespace, string manifest, CancellationToken cancellationToken)
    {
        try
        {
            await context.Kubernetes.CreateAsync(Kinds.StatefulSets.As<JsonObject>(), @namespace, JsonNode.Parse(manifest)!.AsObject(), cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.AlreadyExists)
        {
            // Created by an attempt whose response was lost.
        }
    }
}

/// <summary>Deletes the pod and the claim of one replica; the volume itself stays in AWS.</summary>
/// <param name="ClaimUid">Empty: the claim and its data stay.</param>
internal sealed record RemoveReplicaStep(string Namespace, string Set, string Pod, string PodUid, string ClaimUid) : Step
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public override string Id => $"remove/{Namespace}/{Pod}";

    public override string Title => ClaimUid.Length > 0 ? $"Delete {Namespace}/{Pod} and its claim" : $"Delete {Namespace}/{Pod}";

    public override string Subject => $"pod/{Namespace}/{Pod}";

    public override TimeSpan Expected => TimeSpan.FromMinutes(2);

    private string Claim => $"data-{Pod}";

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var left = await LeftAsync(context, cancellationToken);
        return StepCheck.DoneIf(left is null, Facts((".left", left ?? "none")), "it is gone");
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        // By uid: what was made since is not ours to delete.
        if (PodUid.Length > 0)
            await context.Kubernetes.DeleteAsync(Kinds.Pods, Namespace, Pod, cancellationToken, new DeleteOptions(Uid: PodUid));
        if (ClaimUid.Length > 0)
            await context.Kubernetes.DeleteAsync(Kinds.PersistentVolumeClaims, Namespace, Claim, cancellationToken, new DeleteOptions(Uid: ClaimUid));
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Limit, token => LeftAsync(context, token), cancellationToken);
        return Facts((".left", "none"));
    }

    private async Task<string?> LeftAsync(StepContext context, CancellationToken cancellationToken) =>
        PodUid.Length > 0 && (await context.Kubernetes.FindAsync(Kinds.Pods, Namespace, Pod, cancellationToken))?.Metadata.Uid == PodUid ? $"pod {Pod} still exists"
        : ClaimUid.Length > 0 && (await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, Namespace, Claim, cancellationToken))?.Metadata.Uid == ClaimUid ? $"claim {Claim} still exists"
        : null;
}

/// <summary>Creates the StatefulSet again: it adopts the pods that run and starts the missing one.</summary>
internal sealed record AttachSetStep(string Namespace, string Set, string SetManifest, string Pod, TimeSpan Timeout) : Step
{
    public override bool FollowsEarlier => true;

    public override string Id => $"attach/{Namespace}/{Set}";

    public override string Title => $"Create StatefulSet {Namespace}/{Set} again and start {Pod}";

    public override string Subject => $"pod/{Namespace}/{Pod}";

    public override TimeSpan Expected => TimeSpan.FromMinutes(2);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await context.Kubernetes.FindAsync(Kinds.StatefulSets, Namespace, Set, cancellationToken) is null)
            return StepCheck.ToDo(Facts(("state", "away")));
        var phase = (await context.Kubernetes.FindAsync(Kinds.Pods, Namespace, Pod, cancellationToken))?.Status?.Phase ?? "none";
        return phase == "Running" ? StepCheck.Done(Facts(("state", phase)), "it is running") : StepCheck.UnderWay(Facts(("state", phase)), $"pod {Pod} is {phase}");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => DetachSetStep.CreateAsync(context, Namespace, SetManifest, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token => (await CheckAsync(context, token)) is { Need: not StepNeed.Done } check ? check.Detail.Length > 0 ? check.Detail : $"{Set} is deleted" : null, cancellationToken);
        context.Warn($"{Pod} runs, and serves when its sentinel finds it near the head of its siblings: Get-HaChain shows it");
        return Facts(("state", "Running"));
    }
}
