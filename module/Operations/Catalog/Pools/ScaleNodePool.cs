using HaCluster.Account.Limits;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Safety;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.ServiceQuotas;

namespace HaCluster.Operations.Pools;

/// <summary>Changes the size of a node pool: of the node group in each of its zones. What is null stays.</summary>
/// <param name="Pool">The pool of the stack, or one node group of it.</param>
/// <param name="Desired">Nodes per node group, as <c>min</c> and <c>max</c>.</param>
public sealed record ScaleNodePool(string Pool, int? Desired, int? Min, int? Max, TimeSpan Timeout) : OperationRequest
{
    private const string PoolLabel = "ha-cluster/pool";

    public override string Command => "Set-HaNodePoolScale";

    public override string Target => $"node pool {Pool}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var groups = await context.Aws("node groups").Eks.ListNodeGroupsAsync(context.Session.ClusterName, cancellationToken);
        var meant = groups.Where(group => group.Name == Pool || PoolOf(context, group) == Pool).OrderBy(group => group.Name, StringComparer.Ordinal).ToList();
        if (meant.Count == 0)
        {
            return Draft.Refused(new Refusal
            {
                Code = "PoolUnknown",
                Kind = FailureKind.NotFound,
                Reason = $"node pool {Pool} does not exist",
                Advice = Advice.Available(groups.Select(group => PoolOf(context, group) is { Length: > 0 } pool ? pool : group.Name).Distinct().Order(StringComparer.Ordinal), "The cluster has no node group"),
            });
        }
        var steps = meant.Select(group => new ResizeGroupStep(group.Name, group.AutoScalingGroups, Desired ?? Math.Min(Math.Max(group.Desired, Min ?? group.Min), Max ?? group.Max), Min ?? group.Min, Max ?? group.Max, Timeout)).ToList();
        if (steps.FirstOrDefault(step => step.Min < 0 || step.Max < 1 || step.Desired < step.Min || step.Desired > step.Max) is { } bad)
        {
            return Draft.Refused(new Refusal
            {
                Code = "SizesNotValid",
                Kind = FailureKind.InvalidInput,
                Reason = $"{bad.Group} cannot have {bad.Desired} nodes between a minimum of {bad.Min} and a maximum of {bad.Max}",
                Advice = "Change the bounds with -Min and -Max as well",
            });
        }
        return new Draft($"Set {string.Join(", ", steps.Select((step, index) => $"{step.Group} from {meant[index].Desired} to {step.Desired}"))} nodes", steps)
        {
            Refusals =
            [
                .. await ServiceQuotaRefusalsAsync(context, meant, steps, cancellationToken),
                .. await ShrinkingRefusalsAsync(context, meant, steps, cancellationToken),
                .. meant.Where(group => group.Status is not ("ACTIVE" or "UPDATING" or "DEGRADED")).Select(group => new Refusal { Code = "GroupNotActive", Reason = $"node group {group.Name} is {group.Status}", Advice = "EKS changes only an active one: wait for it" }),
            ],
            Warnings =
            [
                "cluster-autoscaler or Karpenter may change the number again, and the next pulumi up resets the bounds to ha-cluster:nodePools",
                .. meant.Where((group, index) => steps[index].Desired > group.Desired).SelectMany(group => group.InstanceTypes.Take(1)).Where(type => VirtualCpus(type) == 0).Distinct()
                    .Select(type => $"the number of vCPUs of {type} is not known: its service quota is not checked"),
            ],
        };
    }

    private static string PoolOf(StepContext context, EksNodeGroup group) =>
        context.Session.Outputs?.NodeGroups.Values.FirstOrDefault(output => output.Name == group.Name)?.Pool
        ?? group.Labels.GetValueOrDefault(PoolLabel)
        ?? group.Tags.GetValueOrDefault(PoolLabel)
        ?? "";

    /// <summary>The quota for vCPUs of the family, against the instances of this cluster: those of other clusters in the account come on top, and are not seen here.</summary>
    private static async Task<IReadOnlyList<Refusal>> ServiceQuotaRefusalsAsync(
        StepContext context, IReadOnlyList<EksNodeGroup> groups, List<ResizeGroupStep> steps, CancellationToken cancellationToken)
    {
        var needs = groups.Select((group, index) => (Type: group.InstanceTypes.FirstOrDefault() ?? "", IsSpot: group.CapacityType == "SPOT", More: steps[index].Desired - group.Desired))
            .Where(need => need.More > 0).ToList();
        var codes = needs.Select(need => VirtualCpuQuotas.CodeOf(need.Type, need.IsSpot)).OfType<string>().Distinct().ToList();
        if (codes.Count == 0)
            return [];
        var aws = context.Aws("service quotas");
        var limits = await aws.ServiceQuotas.ReadAsync([.. codes.Select(code => new QuotaReference("ec2", code))], cancellationToken);
        var running = (await aws.Ec2.ListInstancesAsync(context.Session.ClusterName, cancellationToken)).Where(instance => instance.State is "running" or "pending").ToList();
        var refusals = new List<Refusal>();
        foreach (var limit in limits)
        {
            if (limit.Value is not { } allowed)
                continue;
            decimal used = running.Where(instance => VirtualCpuQuotas.CodeOf(instance.Type, instance.Lifecycle == "spot") == limit.QuotaCode).Sum(instance => VirtualCpus(instance.Type));
            var more = needs.Where(need => VirtualCpuQuotas.CodeOf(need.Type, need.IsSpot) == limit.QuotaCode && VirtualCpus(need.Type) > 0).ToList();
            var wanted = more.Sum(need => need.More * VirtualCpus(need.Type));
            if (more.Count == 0 || used + wanted <= allowed)
                continue;
            var fits = (int)Math.Floor((allowed - used) / more.Sum(need => VirtualCpus(need.Type)));
            var alone = (int)Math.Floor((allowed - used) / more.Min(need => VirtualCpus(need.Type)));
            refusals.Add(new Refusal
            {
                Code = "ServiceQuotaExceeded",
                Kind = FailureKind.Rejected,
                Reason = $"service quota {limit.QuotaCode} allows {allowed:0} vCPUs, this cluster uses {used:0} and needs {wanted:0} more",
                Advice = $"{Fitting(fits, alone, more.Count)}. Request an increase: Request-HaServiceQuota",
            });
        }
        return refusals;
    }

    private static string Fitting(int perGroup, int alone, int groups) =>
        perGroup > 0 && groups > 1 ? $"{Nodes(perGroup)} per node group would fit"
        : alone > 0 ? $"{Nodes(alone)} would fit{(groups > 1 ? ", in one node group only: scale it by its own name" : "")}"
        : "No further node fits";

    private static string Nodes(int count) => $"{count} more {(count == 1 ? "node" : "nodes")}";

    private static int VirtualCpus(string type) => InstanceTypeCatalog.Find(type) is { } known ? known.VirtualCpus : 0;

    /// <summary>Asks the prover whether the rest holds without as many nodes as go; which ones Auto Scaling takes is not known, so those with most pods.</summary>
    private static async Task<IReadOnlyList<Refusal>> ShrinkingRefusalsAsync(
        StepContext context, IReadOnlyList<EksNodeGroup> groups, List<ResizeGroupStep> steps, CancellationToken cancellationToken)
    {
        if (!groups.Where((group, index) => steps[index].Desired < group.Desired).Any())
            return [];
        var pods = (await context.Kubernetes.ListAsync(Kubernetes.Kinds.Pods, Kubernetes.ListScope.All, cancellationToken)).Items.Where(pod => pod.Spec.NodeName is not null).ToLookup(pod => pod.Spec.NodeName);
        var nodes = await context.NodesAsync(cancellationToken);
        var gone = groups.SelectMany((group, index) => nodes
            .Where(node => node.Metadata.Labels?.TryGetValue("eks.amazonaws.com/nodegroup", out var name) == true && name == group.Name)
            .Select(node => node.Metadata.Name)
            .OrderByDescending(name => pods[name].Count())
            .Take(group.Desired - steps[index].Desired)).ToList();
        return gone.Count == 0 ? [] : await SafetyCheck.AskAsync(context, new Departure.OfNodes(gone), cancellationToken);
    }
}
