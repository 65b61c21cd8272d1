using System.Collections.Immutable;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Writing;

/// <summary>Records of one request, which waits for its answer.</summary>
/// <param name="since">Records of the stream that this instance knew of when the request came.</param>
internal sealed class AppendRequest(ImmutableArray<PreparedRecord> records, long since)
{
    /// <summary>What its sender sent again meanwhile, to another instance, is behind this record.</summary>
    public long Since { get; } = since;

    public ImmutableArray<PreparedRecord> Records { get; } = records;

    public long Size { get; } = records.Sum(record => (long)record.Size);

    public TaskCompletionSource<Outcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Outcome? Outcome { get; set; }

    public long Gaps { get; set; }
}
