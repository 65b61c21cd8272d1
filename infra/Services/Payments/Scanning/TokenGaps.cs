using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Scanning;

/// <summary>
/// Reads blocks again that were looked through without a token that this replica knows: by replicas with an older setting during a rolling update, or by all of them while the setting did not name it. What the books
/// have already is not booked twice, since the same transfer is the same deposit.
/// </summary>
internal sealed class TokenGaps(Database database, EthereumReader reader, DepositRules rules, TimeProvider clock)
{
    /// <summary>In one transaction.</summary>
    private const int MostBlocks = 200;

    /// <summary>Of a round: the lease is renewed in between, and new blocks are looked through.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="scanned">The last block that was looked through, which is part of the node's chain.</param>
    /// <returns>Whether some were stored.</returns>
    public async Task<bool> CloseAsync(BlockReference scanned, CancellationToken cancellationToken)
    {
        var hasStored = false;
        for (var begun = clock.GetTimestamp(); clock.GetElapsedTime(begun) < Longest;)
        {
            var (behind, blocks) = await database.ReadAsync(session => BehindAsync(session, scanned.Number), cancellationToken);
            if (blocks.Count == 0)
                break;
            var read = await reader.ReadAsync(blocks[0].Number, blocks.Count, cancellationToken);
            // The chain changed meanwhile: the next round looks again.
            if (read.Count == 0 || !read.Select(block => block.Reference).SequenceEqual(blocks.Take(read.Count)) || !await StoreAsync(scanned, behind, read, cancellationToken))
                break;
            hasStored = true;
        }

        return hasStored;
    }

    private async Task<(string[] Tokens, IReadOnlyList<BlockReference> Blocks)> BehindAsync(Session session, long scanned)
    {
        var behind = (await session.TokenScansAsync(rules.TokenNames())).Where(token => token.Height < scanned).ToArray();
        return behind.Length == 0 ? ([], []) : ([.. behind.Select(token => token.Asset)], await session.BlocksAsync(Asset.Ethereum, behind.Min(token => token.Height) + 1, MostBlocks));
    }

    private Task<bool> StoreAsync(BlockReference scanned, string[] tokens, IReadOnlyList<ChainBlock> blocks, CancellationToken cancellationToken) => database.ChangeAsync(
        async session =>
        {
            if (await session.LockScannedAsync(Asset.Ethereum) != scanned)
                return false;
            foreach (var block in blocks)
            {
                var missed = await session.AfterOpeningAsync([.. block.Payments.Where(payment => tokens.Contains(payment.Asset))], block.Reference);
                await session.ArriveAsync(Asset.Ethereum, block.Reference, block.Time, missed, rules, clock.GetUtcNow());
            }

            await session.MoveTokenScansAsync(tokens, blocks[0].Reference.Number, blocks[^1].Reference.Number);
            return true;
        },
        cancellationToken);
}
