namespace HaCluster.Simulation.Scheduling;

/// <summary>
/// Randomness without a stateful generator: the number of the decision is mixed with the seed (SplitMix64,
/// https://prng.di.unimi.it/splitmix64.c),
/// so that a clone decides as its source would have.
/// </summary>
internal static class TieBreak
{
    public static int Choose(int seed, long decision, int choices)
    {
        var mixed = ((ulong)(uint)seed << 32) ^ ((ulong)decision * 0x9E3779B97F4A7C15);
        mixed += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (int)(mixed % (ulong)choices);
    }
}
