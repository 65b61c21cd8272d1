using System.Globalization;
using System.Text.RegularExpressions;
using HaCluster.Operations.Running;
using HaCluster.Planning;

namespace HaCluster.Operations.Workloads;

/// <summary>
/// Watches a workload for a while after an update: its pods stay ready and do not restart; errors and latency, where Prometheus measures the service
/// (the rules <c>service:errors:ratio_rate5m</c> and <c>service:latency_seconds</c> of this stack; <c>service:objective</c> names the workload), stay below
/// their bounds.
/// </summary>
/// <param name="Errors">Share of failed requests before the update; null: not measured.</param>
/// <param name="Replicas">Before the update; 0: what it has when the watch begins.</param>
internal sealed record ObserveStep(
    string Kind, string Namespace, string Name, TimeSpan Duration, double MaxErrorRatio, TimeSpan? MaxLatency, double? Errors, int Replicas = 0) : Step
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWeakness = TimeSpan.FromSeconds(20);

    public override bool FollowsEarlier => true;

    public override string Id => $"observe/{Kind}/{Namespace}/{Name}";

    public override string Title => $"Watch {Kind} {Namespace}/{Name} for {Wording.Duration(Duration)}";

    public override string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override TimeSpan Expected => Duration;

    /// <summary>Never done before it has watched: there is nothing to see it by.</summary>
    public override Task<StepCheck> CheckAsync(StepContext context, CancellationToken cancellationToken) => Task.FromResult(StepCheck.ToDo(Facts()));

    public override Task DoAsync(StepContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<IReadOnlyDictionary<string, string>> VerifyAsync(StepContext context, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        var restarts = await RestartsAsync(context, cancellationToken);
        var wanted = Replicas > 0 ? Replicas : (await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken)).Replicas;
        var (isMeasured, weakSince) = (true, (long?)null);
        while (context.Time.GetElapsedTime(start) < Duration)
        {
            await Task.Delay(LookEvery, context.Time, cancellationToken);
            var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
            if (await RestartsAsync(context, cancellationToken) is var now && now > restarts)
                throw context.NotReached(this, $"its containers restarted {now - restarts} times; {await PodTrouble.DescribeAsync(context, workload, cancellationToken)}");
            if ((await workload.PodsAsync(context, cancellationToken)).Select(PodTrouble.PermanentState).FirstOrDefault(state => state is not null) is { } hopeless)
                throw context.NotReached(this, hopeless);
            // What an autoscaler adds meanwhile starts, and is not weaker than before; a pod that moves with its node is away for a moment.
            weakSince = workload.Ready < Math.Min(wanted, workload.Replicas) ? weakSince ?? context.Time.GetTimestamp() : null;
            if (weakSince is { } since && context.Time.GetElapsedTime(since) > LongestWeakness)
                throw context.NotReached(this, $"{workload.Ready} of {workload.Replicas} replicas are ready for {Wording.Duration(LongestWeakness)}: {await PodTrouble.DescribeAsync(context, workload, cancellationToken)}");
            isMeasured = isMeasured && await JudgeAsync(context, cancellationToken);
            context.Progress($"{workload.Ready} of {workload.Replicas} ready, no restarts", Math.Min(1, context.Time.GetElapsedTime(start) / Duration));
        }
        // Weak at the end of a short watch: as good as never at strength.
        if (weakSince is not null && await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken) is var last && last.Ready < Math.Min(wanted, last.Replicas))
            throw context.NotReached(this, $"{last.Ready} of {last.Replicas} replicas are ready: {await PodTrouble.DescribeAsync(context, last, cancellationToken)}");
        if (!isMeasured)
            context.Warn($"errors and latency of {Namespace}/{Name} were not judged: Prometheus does not answer, or does not measure it");
        return Facts();
    }

    /// <summary>The service's rate of errors now; null when it is not measured.</summary>
    public static async Task<double?> MeasureAsync(StepContext context, string rule, string @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            // A workload may serve several services: the worst of them counts.
            var services = await context.Monitoring.Prometheus.QueryAsync($"service:objective{{namespace=\"{@namespace}\",workload=\"{name}\"}}", cancellationToken);
            if (services.Length == 0)
                return null;
            var meant = string.Join('|', services.Select(sample => Regex.Escape(sample.Labels["service"])).Order(StringComparer.Ordinal));
            var samples = await context.Monitoring.Prometheus.QueryAsync(
                $"max({rule}{{namespace=\"{@namespace}\",service=~\"{meant.Replace(@"\", @"\\", StringComparison.Ordinal)}\"}})", cancellationToken);
            return samples.Length > 0 && !double.IsNaN(samples[0].Value) ? samples[0].Value : null;
        }
        catch (HaClusterException)
        {
            return null;
        }
    }

    private async Task<bool> JudgeAsync(StepContext context, CancellationToken cancellationToken)
    {
        var errors = await MeasureAsync(context, "service:errors:ratio_rate5m", Namespace, Name, cancellationToken);
        // An update of a service that fails already can be the cure: it is judged by whether it got worse.
        if (errors > Math.Max(MaxErrorRatio, Errors ?? 0))
            throw context.NotReached(this, string.Create(CultureInfo.InvariantCulture, $"{errors:P2} of its requests fail, more than the {Math.Max(MaxErrorRatio, Errors ?? 0):P2} allowed"));
        var latency = MaxLatency is null ? null : await MeasureAsync(context, "service:latency_seconds", Namespace, Name, cancellationToken);
        if (latency > MaxLatency?.TotalSeconds)
            throw context.NotReached(this, string.Create(CultureInfo.InvariantCulture, $"its requests take {latency:0.###} s, more than the {MaxLatency.Value.TotalSeconds:0.###} s allowed"));
        return errors is not null && (MaxLatency is null || latency is not null);
    }

    private async Task<int> RestartsAsync(StepContext context, CancellationToken cancellationToken)
    {
        var workload = await WorkloadReading.ReadAsync(context, Kind, Namespace, Name, cancellationToken);
        return (await workload.PodsAsync(context, cancellationToken)).Sum(PodTrouble.Restarts);
    }
}
