using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Zones;

/// <summary>Returns to an evacuated zone: uncordons the nodes that an evacuation cordoned, once they are ready, and ends the shifts.</summary>
/// <param name="Rebalance">Also restart the Deployments that have no pod in the zone although they have replicas enough to spread to it.</param>
public sealed record RestoreZone(string Zone, bool Rebalance = false) : OperationRequest
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RestartLimit = TimeSpan.FromMinutes(15);

    public override string Command => "Restore-HaZone";

    public override string Target => $"zone {Zone}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reading = await ZoneReading.ReadAsync(context, cancellationToken);
        if (reading.Find(Zone) is not { } zone)
            return Draft.Refused(reading.Unknown(Zone));
        var nodes = reading.NodesIn(zone);
        var ours = nodes.Where(node => node.Annotation(CordonStep.Annotation) is not null || FenceStep.IsFenced(node)).ToList();
        var ready = ours.Where(NodeReading.IsReady).ToList();
        var shifts = StopZoneShift.Steps(context, reading, zone);
        var restarts = Rebalance ? await RestartsAsync(context, nodes, cancellationToken) : [];
        return new Draft(
            $"Return to zone {zone.Name}: {ready.Count} nodes, {shifts.Count} shifts",
            [
                .. ready.Select(node => new UncordonStep(node.Metadata.Name, ReadyLimit)),
                .. restarts,
                // Last: traffic comes when pods can be there.
                .. shifts,
                new ZoneServesStep(zone.Name),
            ])
        {
            Refusals = nodes.Any(NodeReading.IsReady)
                ? []
                : [new Refusal { Code = "ZoneNotReady", Reason = $"zone {zone.Name} has no ready node", Advice = "Wait until its nodes are ready for half an hour, then return", Forceable = true }],
            Warnings =
            [
                .. ours.Where(node => !node.IsReady()).Select(node => $"node {node.Metadata.Name} is not ready and stays cordoned"),
                // EKS cordons the nodes of a zone that is shifted away, and uncordons them at the end of the shift:
                // https://docs.aws.amazon.com/eks/latest/userguide/zone-shift.html
                .. nodes.Where(node => shifts.Count == 0 && node.IsCordoned() && node.Annotation(CordonStep.Annotation) is null)
                    .Select(node => $"node {node.Metadata.Name} was cordoned by someone else and stays cordoned (Resume-HaNode {node.Metadata.Name})"),
            ],
        };
    }

    private static async Task<IReadOnlyList<Step>> RestartsAsync(StepContext context, IReadOnlyList<k8s.Models.V1Node> nodes, CancellationToken cancellationToken)
    {
        var names = nodes.Select(node => node.Metadata.Name).ToHashSet();
        var zones = (await context.NodesAsync(cancellationToken)).Select(node => node.Zone()).Distinct().Count();
        var steps = new List<Step>();
        foreach (var workload in (await WorkloadReading.AllAsync(context, cancellationToken)).Where(workload => workload.Kind == "Deployment" && workload.Replicas >= zones))
        {
            if (!(await workload.PodsAsync(context, cancellationToken)).Any(pod => pod.Spec.NodeName is not null && names.Contains(pod.Spec.NodeName)))
                steps.Add(RestartStep.Of(workload, context, RestartLimit));
        }
        return steps;
    }
}

/// <summary>Waits until the zone has a node that takes pods.</summary>
internal sealed record ZoneServesStep(string Zone) : Step
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public override bool FollowsEarlier => true;

    public override string Id => "verify-zone";

    public override string Title => $"Verify that zone {Zone} takes pods and traffic";

    public override string Subject => $"zone/{Zone}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(2);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var problem = await ProblemAsync(context, cancellationToken);
        var found = Facts(("serves", problem is null ? "yes" : "no"));
        return problem is null ? StepCheck.Done(found, "it takes pods and traffic") : StepCheck.UnderWay(found, problem);
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.UntilAsync(this, Limit, token => ProblemAsync(context, token), cancellationToken);
        return Facts(("serves", "yes"));
    }

    private async Task<string?> ProblemAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reading = await ZoneReading.ReadAsync(context, cancellationToken);
        return reading.Find(Zone) is not { } zone ? $"zone {Zone} has no node"
            : reading.IsAvoided(zone) ? $"traffic is shifted away from {Zone}"
            : reading.IsServing(zone) ? null
            : $"zone {Zone} has no ready node that takes pods";
    }
}
