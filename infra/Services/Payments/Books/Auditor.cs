using System.Globalization;
using System.Numerics;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Books;

/// <summary>
/// Compares balances with postings. Up to the newest checkpoint the sums that it has are taken; what it says is checked all the same: its postings are read again, and so are those of another checkpoint, by chance,
/// which whoever changes old postings cannot foresee. A full audit reads every posting, and takes nothing from checkpoints.
/// </summary>
/// <param name="every">Postings between two checkpoints: an audit reads up to about three times as many.</param>
internal sealed class Auditor(Database database, PaymentsMetrics metrics, TimeProvider clock, int every = 10_000)
{
    public async Task<AuditReport> AuditAsync(bool isFull, CancellationToken cancellationToken)
    {
        var report = await database.ReadAsync(session => session.AuditAsync(isFull), cancellationToken);
        if (report.Differences.Count == 0 && report.Read[^1].Postings >= every)
            await ContinueAsync(cancellationToken);
        return report;
    }

    /// <summary>Adds checkpoints for what is new.</summary>
    private async Task ContinueAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Transactions end in another order than they take the numbers of their postings in: none may appear below a checkpoint later.
            var settled = await database.ChangeAsync(session => session.SettledAsync(), cancellationToken);
            var made = await database.ReadAsync(session => ContinueAsync(session, settled), cancellationToken);
            await database.ChangeAsync(
                async session =>
                {
                    foreach (var checkpoint in made)
                        await session.AddCheckpointAsync(checkpoint);
                },
                cancellationToken);
        }
        catch (DuplicateException)
        {
            // Another replica was first.
        }
        catch (StoreUnavailableException exception)
        {
            // Somebody writes for long. The next audit reads a little more.
            metrics.StoreFailed(exception.Message);
        }
    }

    private async Task<List<AuditCheckpoint>> ContinueAsync(Session session, long settled)
    {
        var made = new List<AuditCheckpoint>();
        for (var last = (await session.CheckpointsAsync()) is [.., var newest] ? await session.CheckpointAsync(newest) : null; ; last = made[^1])
        {
            var sum = new AuditSum(last);
            var to = await session.AddUpAsync(last?.Sequence ?? 0, settled, every, sum.Add);
            if (sum.Postings < every)
                return made;
            made.Add(sum.Close((last?.Number ?? 0) + 1, to, clock.GetUtcNow().ToUnixTimeMilliseconds()));
        }
    }
}

/// <summary>Audits in the store.</summary>
internal static class AuditStore
{
    private const int Page = 1000;
    private const string Columns = "number, sequence, postings, digest, sums, created_at";

    /// <summary>Adds all postings up again and compares them with the balances.</summary>
    /// <returns>What differs, in words; empty: nothing.</returns>
    public static async Task<IReadOnlyList<string>> AuditAsync(this Session session) => (await session.AuditAsync(isFull: true)).Differences;

    public static async Task<AuditReport> AuditAsync(this Session session, bool isFull)
    {
        var checkpoints = await session.CheckpointsAsync();
        var (differences, read) = (new List<string>(), new List<PostingRange>());
        var total = isFull || checkpoints.Count == 0 ? new AuditSum(null) : null;
        foreach (var index in Chosen(checkpoints.Count, isFull))
            await CheckAsync(session, checkpoints, index, total, differences, read);

        var newest = checkpoints is [.., var last] ? await session.CheckpointAsync(last) : null;
        var after = newest?.Sequence ?? 0;
        try
        {
            var sum = total ?? new AuditSum(newest);
            var before = sum.Postings;
            var to = await session.AddUpAsync(after, long.MaxValue, int.MaxValue, sum.Add);
            read.Add(new PostingRange(after + 1, to, sum.Postings - before, null));
            differences.AddRange(await CompareAsync(session, sum));
        }
        catch (FormatException exception)
        {
            differences.Add(exception.Message);
        }

        return new AuditReport(differences, total is not null, total is null ? newest : null, read);
    }

    /// <summary>Numbers of all there are, the oldest first.</summary>
    public static Task<IReadOnlyList<long>> CheckpointsAsync(this Session session) => session.ListAsync<long>("select number from audit_checkpoints order by number");

    /// <summary>One that there is, with the sums of all accounts: an audit has two of them in memory, however many there are.</summary>
    public static async Task<AuditCheckpoint> CheckpointAsync(this Session session, long number) =>
        (await session.FindAsync<AuditCheckpoint>($"select {Columns} from audit_checkpoints where number = @number", new { number }))!;

    public static Task AddCheckpointAsync(this Session session, AuditCheckpoint checkpoint) => session.ExecuteAsync(
        "insert into audit_checkpoints (number, sequence, postings, digest, sums, created_at) values (@Number, @Sequence, @Postings, @Digest, @Sums, @CreatedAt)",
        new { checkpoint.Number, checkpoint.Sequence, checkpoint.Postings, checkpoint.Digest, checkpoint.Sums, checkpoint.CreatedAt });

    /// <summary>Sequence up to which all postings are committed, and none appears any more.</summary>
    public static async Task<long> SettledAsync(this Session session)
    {
        await session.WaitForWritersAsync("postings");
        return await session.GetAsync<long>("select coalesce(max(sequence), 0) from postings");
    }

    /// <summary>Reads postings after a sequence, up to another one and up to so many, a page at a time.</summary>
    /// <returns>Sequence of the last.</returns>
    public static async Task<long> AddUpAsync(this Session session, long after, long to, int most, Action<PostedEntry> add)
    {
        for (var count = 0; count < most;)
        {
            var page = (await session.PostingsAsync(after, Math.Min(Page, most - count))).TakeWhile(posting => posting.Sequence <= to).ToList();
            page.ForEach(add);
            if (page is not [.., var last])
                break;
            (after, count) = (last.Sequence, count + page.Count);
        }

        return after;
    }

    /// <summary>The newest, and another one by chance.</summary>
    private static IEnumerable<int> Chosen(int count, bool isFull)
    {
        if (isFull)
            return Enumerable.Range(0, count);
        return count < 2 ? Enumerable.Range(0, count) : [Random.Shared.Next(count - 1), count - 1];
    }

    private static async Task CheckAsync(Session session, IReadOnlyList<long> checkpoints, int index, AuditSum? total, List<string> differences, List<PostingRange> read)
    {
        var (before, checkpoint) = (index == 0 ? null : await session.CheckpointAsync(checkpoints[index - 1]), await session.CheckpointAsync(checkpoints[index]));
        var after = before?.Sequence ?? 0;
        try
        {
            var sum = new AuditSum(before);
            var to = await session.AddUpAsync(after, checkpoint.Sequence, int.MaxValue, posting =>
            {
                sum.Add(posting);
                total?.Add(posting);
            });
            read.Add(new PostingRange(after + 1, to, sum.Postings, checkpoint.Number));
            if (sum.Close(index + 1, to, checkpoint.CreatedAt) != checkpoint)
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"postings {after + 1} to {checkpoint.Sequence}, or checkpoint {checkpoint.Number} itself, were changed after {DateTimeOffset.FromUnixTimeMilliseconds(checkpoint.CreatedAt):u}"));
        }
        catch (FormatException exception)
        {
            differences.Add(exception.Message);
        }
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(Session session, AuditSum sum)
    {
        var balances = (await session.ListAsync<Balance>("select account, asset, cast(amount as text) as amount from balances"))
            .ToDictionary(balance => (balance.Account, balance.Asset), balance => balance.Amount);
        return
        [
            .. sum.Keys.Union(balances.Keys).Order()
                .Where(key => sum.Of(key.Account, key.Asset) != balances.GetValueOrDefault(key))
                .Select(key => $"{key.Account} has {balances.GetValueOrDefault(key)} of {key.Asset}; its postings sum to {sum.Of(key.Account, key.Asset)}"),
            .. balances.GroupBy(balance => balance.Key.Asset).Select(asset => (asset.Key, Sum: asset.Aggregate(BigInteger.Zero, (total, balance) => total + balance.Value)))
                .Where(asset => asset.Sum != 0)
                .Select(asset => $"the balances of {asset.Key} sum to {asset.Sum}, not to zero"),
        ];
    }
}
