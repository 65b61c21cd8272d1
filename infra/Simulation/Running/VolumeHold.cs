namespace HaCluster.Simulation.Running;

/// <summary>A claim's volume after its pod: attached to the pod's last node until then.</summary>
internal readonly record struct VolumeHold(string Node, TimeSpan FreeAt);
