namespace HaCluster.Stack;

/// <summary>Exit codes of this program beyond the engine's own (0 success, 32 error already reported to the engine).</summary>
public static class ExitCodes
{
    /// <summary>Started by hand, outside a Pulumi engine.</summary>
    public const int NoEngine = 2;
}
