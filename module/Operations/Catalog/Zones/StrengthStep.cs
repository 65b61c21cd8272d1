using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Zones;

/// <summary>Waits until every workload that can be at its strength without the zone is, and names those that cannot.</summary>
/// <param name="BelowBefore">Workloads that were below strength before anything was done: not waited for.</param>
internal sealed record StrengthStep(string Zone, IReadOnlyList<string> BelowBefore) : Step
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public override bool FollowsEarlier => true;

    public override string Id => "verify-strength";

    public override string Title => $"Verify that workloads are at strength without {Zone}";

    public override string Subject => $"zone/{Zone}";

    public override TimeSpan Expected => TimeSpan.FromSeconds(60);

    public override async Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken)
    {
        var below = await BelowAsync(context, cancellationToken);
        var found = Facts(("below strength", below.Count == 0 ? "none" : string.Join(", ", below)));
        return below.Count == 0 ? StepCheck.Done(found, "all workloads are at strength") : StepCheck.UnderWay(found, $"{below[0]} is below strength");
    }

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does not fail: the zone is empty by now, and what is too weak without it is for a person to know, not a reason to undo.</summary>
    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> below = [];
        var start = context.Time.GetTimestamp();
        do
        {
            below = await BelowAsync(context, cancellationToken);
            if (below.Count == 0)
                break;
            context.Progress($"{below.Count} workloads below strength, such as {below[0]}", context.Time.GetElapsedTime(start) / Limit);
            await Task.Delay(TimeSpan.FromSeconds(1), context.Time, cancellationToken);
        }
        while (context.Time.GetElapsedTime(start) < Limit);
        foreach (var workload in below)
            context.Warn($"{workload} is below strength without {Zone}");
        return Facts(("below strength", below.Count == 0 ? "none" : string.Join(", ", below)));
    }

    /// <summary>Workloads with fewer ready pods than wanted, not counting pods that wait for a volume in the zone.</summary>
    private async Task<IReadOnlyList<string>> BelowAsync(StepContext context, CancellationToken cancellationToken)
    {
        var below = new List<string>();
        foreach (var workload in await WorkloadReading.AllAsync(context, cancellationToken))
        {
            // A DaemonSet follows its nodes.
            if (workload.Kind == "DaemonSet" || workload.Ready >= workload.Replicas || BelowBefore.Contains(workload.ToString()))
                continue;
            var tied = 0;
            foreach (var pod in (await workload.PodsAsync(context, cancellationToken)).Where(pod => !Drainage.IsReady(pod)))
            {
                if (await ZonalVolumes.ZoneOfAsync(context, pod, cancellationToken) == Zone)
                    tied++;
            }
            if (workload.Ready + tied < workload.Replicas)
                below.Add($"{workload} ({workload.Ready} of {workload.Replicas})");
        }
        return below;
    }
}
