using System.Runtime.CompilerServices;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// For the loops over nodes: compiled well at once. Otherwise 20,000 pods are half placed before the runtime gets round to it, which
/// costs the first cluster a third of its time.
/// </summary>
internal static class HotPath
{
    public const MethodImplOptions Options = MethodImplOptions.AggressiveOptimization;
}
