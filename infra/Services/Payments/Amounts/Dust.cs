namespace HaCluster.Payments.Amounts;

internal static class Dust
{
    /// <summary>Satoshi below which nodes do not pass an output on, of the kind that needs most (https://github.com/bitcoin/bitcoin/blob/master/src/policy/policy.cpp, GetDustThreshold).</summary>
    public const int Satoshi = 546;
}
