using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scenarios;

/// <summary>A scenario: one failure or planned operation.</summary>
/// <param name="Class">Its kind.</param>
/// <param name="Subject">Its subject as text: <c>eu-central-1b</c>, <c>general-0 and general-1</c>.</param>
public abstract record Scenario(ScenarioClass Class, string Subject)
{
    /// <summary>The lost nodes and zones; empty for planned work.</summary>
    public virtual Loss Loss => Loss.Nothing;

    public sealed record SteadyState() : Scenario(ScenarioClass.SteadyState, "steady state");

    public sealed record ZoneLost(string Zone, ImmutableArray<string> Nodes) : Scenario(ScenarioClass.ZoneLost, Zone)
    {
        public override Loss Loss => new([Zone], Nodes);
    }

    public sealed record NodeLost(string Node) : Scenario(ScenarioClass.NodeLost, Node)
    {
        public override Loss Loss => new([], [Node]);
    }

    public sealed record NodePairLost(string First, string Second) : Scenario(ScenarioClass.NodePairLost, $"{First} and {Second}")
    {
        public override Loss Loss => new([], [First, Second]);
    }

    public sealed record ZoneAndNodeLost(string Zone, ImmutableArray<string> ZoneNodes, string Node) : Scenario(ScenarioClass.ZoneAndNodeLost, $"{Zone} and {Node}")
    {
        public override Loss Loss => new([Zone], ZoneNodes.Add(Node));
    }

    public sealed record GroupLost(string Group, ImmutableArray<string> Nodes) : Scenario(ScenarioClass.GroupLost, Group)
    {
        public override Loss Loss => new([], Nodes);
    }

    public sealed record NatLost(NatGateway Gateway) : Scenario(ScenarioClass.NatLost, Gateway.Name);

    public sealed record WriterLost(Database Database) : Scenario(ScenarioClass.WriterLost, Database.Name);

    public sealed record MasterLost(SearchDomain Domain) : Scenario(ScenarioClass.MasterLost, Domain.Name);

    public sealed record ReplicaLost(Workload Workload, int Ordinal) : Scenario(ScenarioClass.ReplicaLost, $"{Workload}-{Ordinal}");

    public sealed record NodeDrained(string Node) : Scenario(ScenarioClass.NodeDrained, Node);

    public sealed record GroupUpdated(string Group) : Scenario(ScenarioClass.GroupUpdated, Group);

    public sealed record WorkloadUpdated(Workload Workload) : Scenario(ScenarioClass.WorkloadUpdated, Workload.ToString());

    /// <summary>A rolling update completes; then the zone is lost.</summary>
    public sealed record UpdatedThenZoneLost(Workload Workload, string Zone)
        : Scenario(ScenarioClass.UpdatedThenZoneLost, $"update of {Workload}, then {Zone}")
    {
        public override Loss Loss => new([Zone], []);
    }

    public sealed record MemoryLeaked(Workload Workload) : Scenario(ScenarioClass.MemoryLeaked, Workload.ToString());

    public sealed record DiskFilled(Workload Workload) : Scenario(ScenarioClass.DiskFilled, Workload.ToString());
}
