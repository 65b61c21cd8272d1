using System.Runtime.CompilerServices;

namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// For loops over nodes: optimised from the first call. Otherwise 20,000 pods are half placed before the runtime optimises them, which
/// costs the first cluster a third of its time.
/// </summary>
internal static class HotPath
{
    public const MethodImplOptions Options = MethodImplOptions.AggressiveOptimization;
}
