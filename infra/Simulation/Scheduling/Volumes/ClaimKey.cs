using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Scheduling.Volumes;

/// <summary>A claim object.</summary>
internal readonly record struct ClaimKey(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>The volume of a claim.</summary>
/// <param name="Zone">Where it is; empty when every zone reaches it, or several do.</param>
/// <param name="Node">The only node that reaches it; null for others.</param>
/// <param name="Volume">Null for one created for the claim during the simulation.</param>
/// <param name="IsMadeBeforePlacement">Whether its class created it before the pod was scheduled.</param>
internal readonly record struct ClaimBinding(string Zone, string? Node = null, PersistentVolume? Volume = null, bool IsMadeBeforePlacement = false);

/// <summary>The attachment of a claim's volume to a node.</summary>
/// <param name="Key">The same for the same volume.</param>
internal readonly record struct Attachment(string Driver, string Key);
