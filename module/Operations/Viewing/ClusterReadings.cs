using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Zones;

namespace HaCluster.Operations.Viewing;

/// <summary>A part of the cluster, or why it could not be read.</summary>
internal sealed record Part<T>(T? Value, UnknownPart? Unknown)
    where T : class
{
    public IEnumerable<UnknownPart> Unknowns => Unknown is null ? [] : [Unknown];
}

/// <summary>One look at the cluster: each part is read when it is first asked for, and once.</summary>
internal sealed class ClusterReadings(ClusterSession session)
{
    private readonly Dictionary<string, Task> _parts = new(StringComparer.Ordinal);

    public ClusterSession Session => session;

    public Task<Part<IReadOnlyList<PodReading>>> PodsAsync(CancellationToken cancellationToken) => ListAsync("pods", Kinds.Pods.As<PodReading>(), cancellationToken);

    public Task<Part<IReadOnlyList<NodeReading>>> NodesAsync(CancellationToken cancellationToken) => ListAsync("nodes", Kinds.Nodes.As<NodeReading>(), cancellationToken);

    public Task<Part<IReadOnlyList<WorkloadReading>>> DeploymentsAsync(CancellationToken cancellationToken) =>
        ListAsync("deployments", Kinds.Deployments.As<WorkloadReading>(), cancellationToken);

    public Task<Part<IReadOnlyList<WorkloadReading>>> StatefulSetsAsync(CancellationToken cancellationToken) =>
        ListAsync("stateful sets", Kinds.StatefulSets.As<WorkloadReading>(), cancellationToken);

    public Task<Part<IReadOnlyList<WorkloadReading>>> DaemonSetsAsync(CancellationToken cancellationToken) =>
        ListAsync("daemon sets", Kinds.DaemonSets.As<WorkloadReading>(), cancellationToken);

    public Task<Part<IReadOnlyList<BudgetReading>>> BudgetsAsync(CancellationToken cancellationToken) => ListAsync("disruption budgets", Kinds.Budgets.As<BudgetReading>(), cancellationToken);

    public Task<Part<IReadOnlyList<QuotaReading>>> QuotasAsync(CancellationToken cancellationToken) => ListAsync("quotas", Kinds.ResourceQuotas.As<QuotaReading>(), cancellationToken);

    public Task<Part<IReadOnlyList<JsonObject>>> CertificatesAsync(CancellationToken cancellationToken) => ListAsync("certificates", Kinds.Certificates, cancellationToken, isOptional: true);

    public Task<Part<IReadOnlyList<JsonObject>>> BackupsAsync(CancellationToken cancellationToken) => ListAsync("backups", Kinds.Backups, cancellationToken, isOptional: true);

    public Task<Part<IReadOnlyList<JsonObject>>> SchedulesAsync(CancellationToken cancellationToken) => ListAsync("backup schedules", Kinds.Schedules, cancellationToken, isOptional: true);

    public Task<Part<IReadOnlyList<EksNodeGroup>>> NodeGroupsAsync(CancellationToken cancellationToken) =>
        AwsAsync("node pools", (aws, token) => aws.Eks.ListNodeGroupsAsync(session.ClusterName, token), cancellationToken);

    public Task<Part<IReadOnlyList<DatabaseCluster>>> DatabasesAsync(CancellationToken cancellationToken) =>
        AwsAsync("databases", (aws, token) => aws.Databases.ListAsync(session.ClusterName, session.Outputs?.DatabaseClusters ?? [], token), cancellationToken);

    public Task<Part<IReadOnlyList<Zone>>> ZonesAsync(CancellationToken cancellationToken) => AwsAsync("zone ids", (aws, token) => aws.Ec2.ListZonesAsync(token), cancellationToken);

    public Task<Part<IReadOnlyList<ZonalShift>>> ShiftsAsync(CancellationToken cancellationToken) =>
        AwsAsync<ZonalShift>("zonal shifts", async (aws, token) =>
        {
            var (asked, shifts) = (ShiftedResources.OfAsync(session, token), aws.ZonalShifts.ListActiveAsync(null, token));
            var own = await asked;
            return [.. (await shifts).Where(shift => own.Contains(shift.ResourceArn))];
        }, cancellationToken);

    public Task<Part<IReadOnlyList<AlertStatus>>> AlertsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<AlertStatus>>("alerts", async token => await session.Monitoring.Alertmanager.ListAlertsAsync(token), cancellationToken);

    public Task<Part<IReadOnlyList<AlertStatus>>> EvaluatedAlertsAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<AlertStatus>>("pending alerts", async token => await session.Monitoring.Prometheus.ListAlertsAsync(token), cancellationToken);

    public Task<Part<IReadOnlyList<AlertSilence>>> SilencesAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<AlertSilence>>("silences", async token => await session.Monitoring.Alertmanager.ListSilencesAsync(token), cancellationToken);

    /// <param name="isOptional">A kind whose software is not installed has no objects: that is known, not unknown.</param>
    private Task<Part<IReadOnlyList<T>>> ListAsync<T>(string part, Kind<T> kind, CancellationToken cancellationToken, bool isOptional = false)
        where T : class => ReadAsync<IReadOnlyList<T>>(
        part,
        async token => isOptional ? await session.Kubernetes.ListServedAsync(kind, ListScope.All, token) : (await session.Kubernetes.ListAsync(kind, ListScope.All, token)).Items,
        cancellationToken);

    private Task<Part<IReadOnlyList<T>>> AwsAsync<T>(string part, Func<AwsServices, CancellationToken, Task<ImmutableArray<T>>> read, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<T>>(part, async token => await read(session.RequireAws(part), token), cancellationToken);

    private Task<Part<T>> ReadAsync<T>(string part, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        lock (_parts)
        {
            if (_parts.TryGetValue(part, out var known))
                return (Task<Part<T>>)known;
            var reading = ReadOnceAsync(part, read, cancellationToken);
            _parts[part] = reading;
            return reading;
        }
    }

    private static async Task<Part<T>> ReadOnceAsync<T>(string part, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        // Parts are read at the same time, not one after the other.
        await Task.Yield();
        try
        {
            return new Part<T>(await read(cancellationToken), null);
        }
        catch (HaClusterException exception)
        {
            return new Part<T>(null, new UnknownPart(part, exception.Message, exception.Kind) { Cause = CauseOf(exception) });
        }
    }

    /// <summary>An API that cannot be reached fails every call alike. Those of Kubernetes have its host as their target; those of AWS name it in the problem.</summary>
    private static string CauseOf(HaClusterException exception) => exception.Kind != FailureKind.Unreachable ? exception.Message
        : $"{(exception.Target.Contains(':') ? $"{exception.Target}: " : "")}{exception.Problem}. {exception.Advice}";
}
