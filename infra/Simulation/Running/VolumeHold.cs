namespace HaCluster.Simulation.Running;

/// <summary>A volume that stays attached to the last node of its deleted pod until this time.</summary>
internal readonly record struct VolumeHold(string Node, TimeSpan FreeAt);
