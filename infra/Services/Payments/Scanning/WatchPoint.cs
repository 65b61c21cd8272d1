namespace HaCluster.Payments.Scanning;

/// <summary>Places of a watcher's way at which a process may be killed; see <see cref="Services.IFaultPoints"/>.</summary>
internal static class WatchPoint
{
    public const string BlockRead = "block-read";
    public const string BlockStored = "block-stored";

    /// <summary>Several at once, which are one transaction: read, half of it written, committed.</summary>
    public const string BlocksRead = "blocks-read";
    public const string BlocksHalfStored = "blocks-half-stored";
    public const string BlocksStored = "blocks-stored";

    public const string BlockTakenBack = "block-taken-back";
    public const string PoolRead = "pool-read";
    public const string PoolStored = "pool-stored";
    public const string BeforeSettling = "before-settling";
    public const string Settled = "settled";
    public const string SweepsBooked = "sweeps-booked";

    public static readonly string[] All = [BlockRead, BlockStored, BlocksRead, BlocksHalfStored, BlocksStored, BlockTakenBack, PoolRead, PoolStored, BeforeSettling, Settled];
}
