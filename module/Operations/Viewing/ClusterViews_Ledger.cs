using HaCluster.Operations.Ledger;

namespace HaCluster.Operations.Viewing;

/// <content>The finance log.</content>
public sealed partial class ClusterViews
{
    private const string LedgerPart = "finance log";

    public async Task<View<LedgerStatus>> ReadLedgerAsync(CancellationToken cancellationToken)
    {
        try
        {
            var replicas = await new LedgerWire(session.Kubernetes).ReadAsync(cancellationToken);
            return new View<LedgerStatus>(
                LedgerStreams.Of(replicas, session.Time.GetUtcNow()),
                replicas.Count == 0
                    ? [new UnknownPart(LedgerPart, "it has no pods", FailureKind.MonitoringMissing)]
                    : [.. replicas.Where(replica => replica.Samples is null).Select(replica => new UnknownPart(LedgerPart, $"{replica.Pod}: {replica.Fault}", FailureKind.Unreachable))]);
        }
        catch (HaClusterException exception)
        {
            return new View<LedgerStatus>([], [new UnknownPart(LedgerPart, exception.Message, exception.Kind)]);
        }
    }

    public async Task<View<LedgerTest>> TestLedgerAsync(TimeSpan longestUnverified, CancellationToken cancellationToken)
    {
        var streams = await ReadLedgerAsync(cancellationToken);
        return new View<LedgerTest>([.. streams.Items.Select(stream => LedgerStreams.Test(stream, longestUnverified, session.Time.GetUtcNow()))], streams.Unknown);
    }
}
