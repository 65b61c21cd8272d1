using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>Something that is to happen: data only, so that a run can be copied in the middle.</summary>
/// <param name="Pod">What it happens to, or null.</param>
/// <param name="Name">Of the node, zone or group it happens to.</param>
internal readonly record struct Due(DueKind Kind, Pod? Pod = null, string Name = "");
