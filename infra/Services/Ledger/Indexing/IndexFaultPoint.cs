namespace HaCluster.Ledger.Indexing;

/// <summary>Places of indexing at which a process may be killed, in their order: <see cref="Services.IFaultPoints"/>.</summary>
internal static class IndexFaultPoint
{
    public const string SegmentRead = "index-segment-read";
    public const string RecordsWritten = "index-records-written";
    public const string PositionWritten = "index-position-written";
    public const string Committed = "index-committed";

    public const string BuildWritten = "index-build-written";
    public const string BuildReady = "index-build-ready";
    public const string BuildInUse = "index-build-in-use";

    public static readonly string[] All = [SegmentRead, RecordsWritten, PositionWritten, Committed];

    /// <summary>Of a rebuild.</summary>
    public static readonly string[] OfBuild = [BuildWritten, BuildReady, BuildInUse];
}
