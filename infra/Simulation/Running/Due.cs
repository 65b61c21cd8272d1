using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Running;

/// <summary>A scheduled event: data only, so that a run can be copied at any time.</summary>
/// <param name="Pod">The affected pod, or null.</param>
/// <param name="Name">The affected node, zone or group.</param>
internal readonly record struct Due(DueKind Kind, Pod? Pod = null, string Name = "");
