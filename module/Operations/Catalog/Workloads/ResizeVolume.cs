using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Workloads;

/// <summary>Makes a volume larger, and waits until its file system is.</summary>
/// <param name="Size">A Kubernetes quantity: <c>200Gi</c>.</param>
public sealed record ResizeVolume(string Namespace, string Claim, string Size, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Resize-HaVolume";

    public override string Target => $"claim {Namespace}/{Claim}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, Namespace, Claim, cancellationToken) is not { } claim)
        {
            var names = (await context.Kubernetes.ListAsync(Kinds.PersistentVolumeClaims, ListScope.In(Namespace), cancellationToken)).Items.Select(other => other.Metadata.Name);
            return Draft.Refused(new Refusal
            {
                Code = "ClaimUnknown",
                Kind = FailureKind.NotFound,
                Reason = $"namespace {Namespace} has no claim {Claim}",
                Advice = Advice.Available(names, "It has none"),
            });
        }
        return await RefusalAsync(context, claim, cancellationToken) is { } refusal
            ? Draft.Refused(refusal)
            : new Draft($"Grow {Namespace}/{Claim} from {claim.Spec.Resources.Requests["storage"]} to {Size}", [new ResizeStep(Namespace, Claim, Size, Timeout)])
            {
                Warnings = ["a volume cannot be made smaller again, and AWS allows one change of a volume in 6 hours"],
            };
    }

    private async Task<Refusal?> RefusalAsync(StepContext context, V1PersistentVolumeClaim claim, CancellationToken cancellationToken)
    {
        var present = claim.Spec.Resources?.Requests?.TryGetValue("storage", out var requested) == true ? requested.ToDecimal() : 0;
        if (!SetQuota.TryRead(Size, out var wanted) || wanted == 0)
            return new Refusal { Code = "QuantityNotValid", Kind = FailureKind.InvalidInput, Reason = $"{Size} is not a size", Advice = "Write it as Kubernetes does: 200Gi" };
        if (wanted < present)
            return new Refusal { Code = "VolumeShrinks", Kind = FailureKind.InvalidInput, Reason = $"{Namespace}/{Claim} has {claim.Spec.Resources!.Requests["storage"]}, and a volume cannot be made smaller", Advice = "Copy the data to a new, smaller volume" };
        var className = claim.Spec.StorageClassName ?? "";
        var storageClass = className.Length == 0 ? null : await context.Kubernetes.FindAsync(Kinds.StorageClasses, null, className, cancellationToken);
        if (storageClass?.AllowVolumeExpansion != true)
            return new Refusal { Code = "ClassNotExpandable", Kind = FailureKind.Rejected, Reason = $"storage class {(className.Length == 0 ? "(none)" : className)} of {Namespace}/{Claim} does not allow expansion", Advice = "Set allowVolumeExpansion on the class, or restore a snapshot into a larger volume" };
        foreach (var quota in (await context.Kubernetes.ListAsync(Kinds.ResourceQuotas, ListScope.In(Namespace), cancellationToken)).Items)
        {
            foreach (var resource in new[] { "requests.storage", $"{className}.storageclass.storage.k8s.io/requests.storage" })
            {
                if (quota.Status?.Hard?.TryGetValue(resource, out var hard) == true && quota.Status.Used?.TryGetValue(resource, out var used) == true && used.ToDecimal() - present + wanted > hard.ToDecimal())
                {
                    return new Refusal
                    {
                        Code = "QuotaExceeded",
                        Kind = FailureKind.Rejected,
                        Reason = $"quota {quota.Metadata.Name} of {Namespace} allows {resource} of {hard}, of which {used} is used: {Size} does not fit",
                        Advice = $"Raise it first (Set-HaQuota -Namespace {Namespace})",
                    };
                }
            }
        }
        return null;
    }
}

internal sealed record ResizeStep(string Namespace, string Claim, string Size, TimeSpan Timeout) : Step
{
    public override string Id => $"resize/{Namespace}/{Claim}";

    public override string Title => $"Grow {Namespace}/{Claim} to {Size}";

    public override string Subject => $"persistentvolumeclaim/{Namespace}/{Claim}";

    public override TimeSpan Expected => TimeSpan.FromMinutes(2);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var claim = await ReadAsync(context, cancellationToken);
        var found = Facts(("size", claim.Status?.Capacity?.TryGetValue("storage", out var capacity) == true ? capacity.ToString() : ""));
        return claim.Spec.Resources.Requests["storage"].ToDecimal() < SetQuota.Read(Size) ? StepCheck.ToDo(found)
            : Missing(claim) is { } missing ? StepCheck.UnderWay(found, missing)
            : StepCheck.Done(found, "it has that size");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => context.Kubernetes.PatchAsync(
        Kinds.PersistentVolumeClaims, Namespace, Claim,
        new JsonObject { ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = Size } } } }, cancellationToken);

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Timeout, async token =>
        {
            var claim = await ReadAsync(context, token);
            if (claim.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "ControllerResizeError" or "NodeResizeError", Status: "True" }) is { } error)
                throw context.NotReached(this, $"{error.Type}: {error.Message}");
            return Missing(claim);
        }, cancellationToken);
        return Facts(("size", Size));
    }

    public override Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        context.Warn($"{Namespace}/{Claim} stays at {Size}: a volume cannot be made smaller");
        return Task.CompletedTask;
    }

    private string? Missing(V1PersistentVolumeClaim claim)
    {
        if (claim.Status?.Capacity?.TryGetValue("storage", out var capacity) == true && capacity.ToDecimal() >= SetQuota.Read(Size))
            return null;
        return claim.Status?.Conditions?.FirstOrDefault() is { } condition ? $"{condition.Type}{(string.IsNullOrEmpty(condition.Message) ? "" : $": {condition.Message}")}" : "the volume grows";
    }

    private async Task<V1PersistentVolumeClaim> ReadAsync(StepContext context, CancellationToken cancellationToken) =>
        await context.Kubernetes.FindAsync(Kinds.PersistentVolumeClaims, Namespace, Claim, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "GET persistentvolumeclaims", $"{Namespace}/{Claim}", "there is no such claim", "kubectl get pvc lists them");
}
