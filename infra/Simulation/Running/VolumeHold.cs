namespace HaCluster.Simulation.Running;

/// <summary>A pod's volumes after the pod: attached to its last node until then.</summary>
internal readonly record struct VolumeHold(string Node, TimeSpan FreeAt);
