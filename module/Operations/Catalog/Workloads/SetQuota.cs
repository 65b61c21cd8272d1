using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using HaCluster.Planning.Modelling;
using k8s.Models;

namespace HaCluster.Operations.Workloads;

/// <summary>Changes limits of a ResourceQuota.</summary>
/// <param name="Quota">Null: the one that the stack declares if its file is changed as well, else the only one of the namespace.</param>
/// <param name="Hard">Limits by resource, as Kubernetes writes them: <c>requests.cpu</c> to <c>8</c>.</param>
public sealed record SetQuota(string Namespace, string? Quota, IReadOnlyDictionary<string, string> Hard) : OperationRequest
{
    /// <summary>The caller changes the stack file as well, or gives <see cref="ResetWarnings"/> if it does not: the plan has none.</summary>
    public bool IsInStackFile { get; init; }

    public override string Command => "Set-HaQuota";

    public override string Target => Quota is null ? $"quota of {Namespace}" : $"quota {Namespace}/{Quota}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var quotas = (await context.Kubernetes.ListAsync(Kinds.ResourceQuotas, ListScope.In(Namespace), cancellationToken)).Items;
        var name = Quota ?? (IsInStackFile ? QuotaSettings.QuotaName : null);
        var matching = quotas.Where(quota => name is null || quota.Metadata.Name == name).ToList();
        if (name is null && matching.Count > 1)
        {
            // Several quotas of one namespace are for several priorities: the one that has the resource already is meant.
            matching = [.. matching.Where(quota => Hard.Keys.All(resource => quota.Spec.Hard?.ContainsKey(resource) == true))];
            // One without a scope counts all pods of the namespace.
            if (matching.Count > 1 && matching.Where(quota => quota.Spec.Scopes is null or [] && quota.Spec.ScopeSelector is null).ToList() is [var general])
                matching = [general];
        }
        if (matching.Count != 1)
        {
            return Draft.Refused(new Refusal
            {
                Code = quotas.Count == 0 ? "QuotaUnknown" : "QuotaAmbiguous",
                Kind = quotas.Count == 0 ? FailureKind.NotFound : FailureKind.InvalidInput,
                Reason = quotas.Count == 0 ? $"namespace {Namespace} has no quota" : $"it is not clear which quota of {Namespace} is meant",
                Advice = quotas.Count == 0 ? "Get-HaQuota lists them" : $"Name one of {string.Join(", ", quotas.Select(quota => quota.Metadata.Name))}",
            });
        }
        var bad = Hard.Where(limit => !TryRead(limit.Value, out _)).ToList();
        var quota = matching[0];
        return new Draft($"Change {string.Join(", ", Hard.Select(limit => $"{limit.Key} to {limit.Value}"))} in quota {Namespace}/{quota.Metadata.Name}", bad.Count > 0 ? [] : [new QuotaStep(Namespace, quota.Metadata.Name, Hard)])
        {
            Refusals =
            [
                .. bad.Select(limit => new Refusal { Code = "QuantityNotValid", Kind = FailureKind.InvalidInput, Reason = $"{limit.Key}: {limit.Value} is not a quantity", Advice = "Write it as Kubernetes does: 500m, 8, 16Gi" }),
                .. from limit in Hard
                   where TryRead(limit.Value, out _) && quota.Status?.Used?.TryGetValue(limit.Key, out var used) == true && Read(limit.Value) < used.ToDecimal()
                   select new Refusal
                   {
                       Code = "QuotaBelowUse", Reason = $"{Namespace} already uses {quota.Status.Used[limit.Key]} of {limit.Key}, more than {limit.Value}: running pods stay, but pods that end cannot be replaced",
                       Advice = "Scale down first; -Force sets it anyway", Forceable = true,
                   },
            ],
            Warnings = IsInStackFile ? [] : [.. WarningsOf(quota.Metadata.Name)],
        };
    }

    /// <summary>What the next <c>pulumi up</c> resets if the stack file is not changed.</summary>
    public IEnumerable<string> ResetWarnings => WarningsOf(Quota ?? QuotaSettings.QuotaName);

    /// <summary>Whoever began it may have ended before the stack file was written.</summary>
    internal override IEnumerable<string> WarningsOnResume => IsInStackFile ? ResetWarnings : [];

    private IEnumerable<string> WarningsOf(string quota)
    {
        var path = quota == QuotaSettings.QuotaName ? QuotaSettings.PathOf(Namespace) : [];
        var isSet = Hard.ToLookup(limit => !path.IsEmpty && QuotaSettings.KeyOf(limit.Key) is not null);
        if (isSet[true].Any())
        {
            var settings = isSet[true].Select(limit => $"ha-cluster:{string.Join('.', path)}.{QuotaSettings.KeyOf(limit.Key)}: {limit.Value}");
            yield return $"the next pulumi up resets this, unless the stack file says the same: {string.Join(", ", settings)}";
        }

        if (isSet[false].Any())
            yield return $"no setting controls {string.Join(", ", isSet[false].Select(limit => limit.Key))} of quota {Namespace}/{quota}: if the stack declares it, the next pulumi up resets it";
    }

    internal static decimal Read(string quantity) => new ResourceQuantity(quantity).ToDecimal();

    internal static bool TryRead(string quantity, out decimal value)
    {
        try
        {
            value = Read(quantity);
            return value >= 0;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            value = 0;
            return false;
        }
    }
}

internal sealed record QuotaStep(string Namespace, string Name, IReadOnlyDictionary<string, string> Hard) : Step
{
    public override string Id => $"quota/{Namespace}/{Name}";

    public override string Title => $"Change quota {Namespace}/{Name}";

    public override string Subject => $"resourcequota/{Namespace}/{Name}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(1);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var quota = await context.Kubernetes.FindAsync(Kinds.ResourceQuotas, Namespace, Name, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "GET resourcequotas", $"{Namespace}/{Name}", "the quota no longer exists", "Get-HaQuota lists them");
        var present = Hard.Keys.ToDictionary(resource => resource, resource => quota.Spec.Hard?.TryGetValue(resource, out var value) == true ? value.ToString() : "");
        return StepCheck.DoneIf(
            Hard.All(limit => present[limit.Key].Length > 0 && SetQuota.Read(present[limit.Key]) == SetQuota.Read(limit.Value)), Facts(present.Select(limit => (limit.Key, limit.Value))), "it has these limits");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => SetAsync(context, Hard.Select(limit => (limit.Key, (string?)limit.Value)), cancellationToken);

    public override Task UndoAsync(StepContext context, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken) =>
        SetAsync(context, before.Select(limit => (limit.Key, limit.Value.Length > 0 ? limit.Value : null)), cancellationToken);

    private async Task SetAsync(StepContext context, IEnumerable<(string Resource, string? Limit)> limits, CancellationToken cancellationToken)
    {
        var hard = new JsonObject();
        foreach (var (resource, limit) in limits)
            hard[resource] = limit;
        await context.Kubernetes.PatchAsync(Kinds.ResourceQuotas, Namespace, Name, new JsonObject { ["spec"] = new JsonObject { ["hard"] = hard } }, cancellationToken);
    }
}
