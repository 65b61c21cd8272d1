using System.Collections.Immutable;
using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Serving;

/// <summary>What every way in has in common: who may write where, and storing.</summary>
internal sealed class Intake(Reloaded<Producers> producers, StreamLogs logs, LedgerMetrics metrics)
{
    /// <summary>Reads what a producer sends, and refuses what it may not send.</summary>
    /// <param name="stream">The stream of records that name none; null: they have to.</param>
    public RecordReader ReaderFor(Producer producer, string? stream) => new(producer.Name, stream, record => Check(producer, record));

    /// <summary>Stores records of one stream, all or none.</summary>
    public async Task<Outcome> StoreAsync(string stream, ImmutableArray<PreparedRecord> records)
    {
        var outcome = await logs.AppendAsync(stream, records);
        if (outcome is Outcome.Refused refused)
            metrics.Rejected("conflict", refused.Conflicts.Length);
        return outcome;
    }

    private void Check(Producer producer, PreparedRecord record)
    {
        if (!producer.MayUse(record.Stream))
            throw new RejectedException("wrong-stream", $"the producer {producer.Name} may not write to the stream {record.Stream}", StatusCodes.Status403Forbidden);
        if (!logs.MayOpen(record.Stream))
            throw new RejectedException("too-many-streams", $"there are {StreamLogs.MostStreams} streams already");
        producers.Current.SchemaOf(record.Stream)?.Check(record.Data);
    }
}
