using HaCluster.Operations.Databases;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Safety;
using HaCluster.Operations.Workloads;

namespace HaCluster.Operations.Zones;

/// <summary>
/// Evacuates a zone: shifts traffic away, cordons its nodes, moves database writers, drains the pods in a safe order, rebuilds zonal replicas elsewhere
/// where that is asked for, and verifies.
/// </summary>
/// <param name="Duration">When the zonal shift ends by itself: 1 minute to 3 days.</param>
/// <param name="RebuildReplicas">
/// Also delete the claims of replicas that have their volume in the zone, where their set has other ready replicas, so that they start anew in another zone.
/// What is on these volumes is lost, unless their storage class keeps them.
/// </param>
public sealed record SwitchZone(string Zone, TimeSpan Duration, bool RebuildReplicas = false) : OperationRequest
{
    private static readonly TimeSpan EvictionLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FailoverLimit = TimeSpan.FromMinutes(10);

    public override string Command => "Switch-HaZone";

    public override string Target => $"zone {Zone}";

    internal override async Task<Draft> PlanAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reading = await ZoneReading.ReadAsync(context, cancellationToken);
        if (reading.Find(Zone) is not { } zone)
            return Draft.Refused(reading.Unknown(Zone));
        var nodes = reading.NodesIn(zone);
        var names = nodes.Select(node => node.Metadata.Name).ToList();
        var safety = SafetyCheck.AskAsync(context, new Departure.OfZone(zone.Name), cancellationToken);
        var drain = Drainage.PlanAsync(context, nodes, EvictionLimit, cancellationToken);
        var workloads = WorkloadReading.AllAsync(context, cancellationToken);
        var databases = (await context.DatabasesAsync(cancellationToken)).Where(database => database.Writer?.Zone == zone.Name).ToList();
        var failovers = databases.Select(database => (Database: database, Reader: DatabaseChoice.BestReader(database, [zone.Name]))).ToList();
        var shifts = StartZoneShift.Steps(reading, zone, Duration, $"evacuation of {zone.Name}");
        var rebuilds = RebuildReplicas ? await RebuildStep.PlanAsync(context, names, cancellationToken) : [];
        return new Draft(
            $"Evacuate zone {zone.Name}: {shifts.Count} shifts, {nodes.Count} nodes, {databases.Count} database writers",
            [
                .. shifts,
                .. names.Select(name => new CordonStep(name)),
                .. from failover in failovers
                   where failover.Reader is not null
                   select new FailOverStep(failover.Database.Identifier, failover.Reader.Identifier, zone.Name, FailoverLimit),
                .. nodes.SelectMany(DrainNode.Fence),
                .. (await drain).Steps,
                .. rebuilds,
                new StrengthStep(zone.Name, [.. (await workloads).Where(workload => workload.Ready < workload.Replicas).Select(workload => workload.ToString())]),
            ])
        {
            Refusals =
            [
                .. StartZoneShift.Against(reading, zone, Duration),
                .. reading.AgainstLeaving(zone),
                .. from failover in failovers
                   where failover.Reader is null
                   select new Refusal
                   {
                       Code = "NoReader", Reason = $"the writer of database {failover.Database.Identifier} is in {zone.Name}, and it has no available reader in another zone",
                       Advice = "Add a reader elsewhere; -Force leaves the writer where it is", Forceable = true,
                   },
                .. (await drain).Refusals,
                .. await safety,
            ],
            Warnings = [.. reading.NotShiftable.Select(name => $"load balancer {name} has no zonal shift and keeps its traffic in {zone.Name}")],
        };
    }
}
