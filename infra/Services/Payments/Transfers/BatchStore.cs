using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Transfers;

/// <summary>Which transfers are paid together, in the store.</summary>
internal static class BatchStore
{
    /// <summary>The owner of each of some transfers that is in a batch.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OwnersAsync(this Session session, IEnumerable<string> transfers) =>
        (await session.ListAsync<Joined>($"select transfer, owner from batches where transfer {session.In("Ids")}", new { Ids = transfers.ToArray() })).ToDictionary(one => one.Transfer, one => one.Owner, StringComparer.Ordinal);

    /// <summary>All transfers that are paid together with one, in the order of their outputs; empty: it is in no batch.</summary>
    public static Task<IReadOnlyList<string>> BatchAsync(this Session session, string transfer) => session.ListAsync<string>(
        "select transfer from batches where owner = (select owner from batches where batches.transfer = @transfer) order by position", new { transfer });

    /// <summary>Transfers among some that have coins already.</summary>
    public static Task<IReadOnlyList<string>> WithCoinsAsync(this Session session, IEnumerable<string> transfers) =>
        session.ListAsync<string>($"select distinct reserved_by from coins where reserved_by {session.In("Ids")}", new { Ids = transfers.ToArray() });

    /// <summary>Puts transfers together, for good. The first is the owner.</summary>
    /// <exception cref="DuplicateException">One of them is in a batch already.</exception>
    public static async Task JoinAsync(this Session session, IReadOnlyList<Transfer> transfers, DateTimeOffset now)
    {
        var owner = transfers[0].Id;
        foreach (var (transfer, position) in transfers.Select((transfer, position) => (transfer, position)))
        {
            await session.ExecuteAsync("insert into batches (transfer, owner, position) values (@Id, @owner, @position)", new { transfer.Id, owner, position });
            await session.AppendEventAsync("transfer.batched", transfer.Id, new Dictionary<string, string?> { ["wallet"] = transfer.Wallet, ["with"] = owner, ["transfers"] = $"{transfers.Count}" }, now);
        }
    }

    /// <summary>What a transaction of a batch is for one of its transfers.</summary>
    public static Task AddShareAsync(this Session session, string owner, long number, string transfer, string purpose, BigInteger fee) => session.ExecuteAsync(
        "insert into shares (transfer, number, owner, purpose, fee) values (@transfer, @number, @owner, @purpose, @fee)", new { transfer, number, owner, purpose, fee });

    /// <summary>Tells that a child of a transaction is signed and stored.</summary>
    /// <param name="share">What the transfer pays of its fee.</param>
    public static Task AppendChildEventAsync(this Session session, Transfer transfer, Attempt parent, Attempt child, BigInteger share, DateTimeOffset now) => session.AppendEventAsync(
        "transfer.child-signed",
        transfer.Id,
        new Dictionary<string, string?> { ["wallet"] = transfer.Wallet, ["number"] = $"{child.Number}", ["txid"] = child.Txid, ["parent"] = parent.Txid, ["fee"] = Amount.Write(share) },
        now);

    private sealed record Joined
    {
        public required string Transfer { get; init; }

        public required string Owner { get; init; }
    }
}
