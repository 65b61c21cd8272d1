using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Zones;

/// <summary>
/// Gives a replica of a stateful set a new, empty volume, so that it can start in another zone: deletes the claims that tie it to the zone, and the pod
/// that waits for them. Its data comes back from its peers or not at all, so it is only done while the others of its set are ready.
/// </summary>
internal sealed record RebuildStep(string Namespace, string Set, string Pod, IReadOnlyList<ClaimVersion> Claims) : Step
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    public override string Id => $"rebuild/{Namespace}/{Pod}";

    public override string Title => $"Rebuild {Namespace}/{Pod} on a new volume in another zone";

    public override string Subject => $"pod/{Namespace}/{Pod}";

    public override TimeSpan Expected => TimeSpan.FromMinutes(3);

    /// <summary>Replicas of the nodes whose claims their set would make again.</summary>
    public static async Task<IReadOnlyList<Step>> PlanAsync(StepContext context, IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        var steps = new List<Step>();
        foreach (var pod in await Drainage.LeavingAsync(context, nodes, cancellationToken))
        {
            var (ns, kind, set) = Drainage.SetOf(pod);
            if (kind != "StatefulSet" || await context.Kubernetes.FindAsync(Kinds.StatefulSets, ns, set, cancellationToken) is not { } owner)
                continue;
            var made = (owner.Spec.VolumeClaimTemplates ?? []).Select(template => $"{template.Metadata.Name}-{pod.Metadata.Name}").ToHashSet();
            var claims = new List<ClaimVersion>();
            foreach (var name in ZonalVolumes.ClaimsOf(pod).Where(made.Contains))
            {
                if (await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, ns, name, cancellationToken) is { } claim)
                    claims.Add(new(name, claim.Metadata.Uid));
            }
            if (claims.Count > 0)
                steps.Add(new RebuildStep(ns, set, pod.Metadata.Name, claims));
        }
        return steps;
    }

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var old = await OldClaimsAsync(context, cancellationToken);
        var found = Facts(("volume", old.Count == 0 ? "new" : "old"));
        if (old.Count > 0)
        {
            var others = await OthersNotReadyAsync(context, cancellationToken);
            return others is null ? StepCheck.ToDo(found) : StepCheck.Blocked(new Refusal
            {
                Code = "NotRedundant",
                Pod = others,
                Forceable = true,
                Reason = $"pod {others} of the same set is not ready: the volume of {Namespace}/{Pod} may be the last good copy",
                Advice = "Wait until the others are ready; -Force deletes the volume's claim anyway",
            });
        }
        var pod = await context.Kubernetes.FindAsync(Kinds.Pods, Namespace, Pod, cancellationToken);
        return pod is not null && Drainage.IsReady(pod) ? StepCheck.Done(found, "it is ready on a new volume") : StepCheck.UnderWay(found, "it is not ready yet");
    }

    public override async Task DoAsync(StepContext context, CancellationToken cancellationToken)
    {
        // A claim stays until its pod is gone; the set then makes both again. The uid keeps a new claim from being deleted as well.
        foreach (var claim in await OldClaimsAsync(context, cancellationToken))
            await context.Kubernetes.DeleteAsync(Kinds.PersistentVolumeClaims, Namespace, claim.Name, cancellationToken, new DeleteOptions(Uid: claim.Uid));
        if (await context.Kubernetes.FindAsync(Kinds.Pods, Namespace, Pod, cancellationToken) is { Spec.NodeName: null } waiting)
            await context.Kubernetes.DeleteAsync(Kinds.Pods, Namespace, Pod, cancellationToken, new DeleteOptions(Uid: waiting.Metadata.Uid));
    }

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Limit, async token =>
        {
            var check = await CheckAsync(context, token);
            // The set may have made the pod again before its claim was gone.
            if (check.Need == StepNeed.ToDo)
                await DoAsync(context, token);
            return check.Need == StepNeed.Done ? null : $"pod {Namespace}/{Pod} is not ready on a new volume yet";
        }, cancellationToken);
        return Facts(("volume", "new"));
    }

    private async Task<IReadOnlyList<ClaimVersion>> OldClaimsAsync(StepContext context, CancellationToken cancellationToken)
    {
        var old = new List<ClaimVersion>();
        foreach (var claim in Claims)
        {
            if ((await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, Namespace, claim.Name, cancellationToken))?.Metadata.Uid == claim.Uid)
                old.Add(claim);
        }
        return old;
    }

    private async Task<string?> OthersNotReadyAsync(StepContext context, CancellationToken cancellationToken) =>
        (await context.Kubernetes.ListAsync(Kinds.Pods, ListScope.In(Namespace), cancellationToken)).Items
            .Where(pod => Drainage.SetOf(pod) == (Namespace, "StatefulSet", Set) && pod.Metadata.Name != Pod)
            .FirstOrDefault(pod => !Drainage.IsReady(pod)) is { } other ? Drainage.NameOf(other) : null;
}

/// <param name="Uid">Of the claim that is to go; a new one has another.</param>
internal sealed record ClaimVersion(string Name, string Uid);
