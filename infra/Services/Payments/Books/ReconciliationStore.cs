using HaCluster.Payments.Amounts;
using HaCluster.Payments.Chains;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Books;

/// <summary>Reconciliations in the store.</summary>
internal static class ReconciliationStore
{
    private const string Columns = "id, chain, requested_by, requested_at, finished_at, height, block, method";
    private const string ResultColumns = "wallet, asset, cast(booked as text) as booked, cast(in_flight as text) as in_flight, cast(on_chain as text) as on_chain, cast(difference as text) as difference";

    /// <summary>Asks for one; one that waits already is that one.</summary>
    public static async Task<Reconciliation> RequestReconciliationAsync(this Session session, string chain, string actor, DateTimeOffset now) =>
        await session.WaitingReconciliationAsync(chain) ?? await session.AddReconciliationAsync(chain, actor, now);

    /// <summary>Beside one that waits.</summary>
    public static async Task<Reconciliation> AddReconciliationAsync(this Session session, string chain, string actor, DateTimeOffset now)
    {
        var asked = new Reconciliation { Id = Ids.New("rec", now), Chain = chain, RequestedBy = actor, RequestedAt = now.ToUnixTimeMilliseconds() };
        await session.ExecuteAsync("insert into reconciliations (id, chain, requested_by, requested_at) values (@Id, @Chain, @RequestedBy, @RequestedAt)", asked);
        return asked;
    }

    public static Task<Reconciliation?> WaitingReconciliationAsync(this Session session, string chain) =>
        session.FindAsync<Reconciliation>($"select {Columns} from reconciliations where chain = @chain and finished_at is null order by id limit 1", new { chain });

    public static Task<Reconciliation?> LastReconciliationAsync(this Session session, string chain) =>
        session.FindAsync<Reconciliation>($"select {Columns} from reconciliations where chain = @chain and finished_at is not null order by finished_at desc, id desc limit 1", new { chain });

    /// <param name="before">Id of the last one of the page before; null: from the newest on.</param>
    public static Task<IReadOnlyList<Reconciliation>> ReconciliationsAsync(this Session session, string? before, int limit) =>
        session.ListAsync<Reconciliation>($"select {Columns} from reconciliations where @before is null or id < @before order by id desc limit @limit", new { before, limit });

    public static Task<IReadOnlyList<ReconciliationResult>> ResultsAsync(this Session session, string reconciliation) =>
        session.ListAsync<ReconciliationResult>($"select {ResultColumns} from reconciliation_results where reconciliation = @reconciliation order by wallet, asset", new { reconciliation });

    /// <summary>Since when the books of some wallet of a chain have not been compared with it: the last comparison, or of a wallet that was not in that, when it was made.</summary>
    /// <returns>Null: there is no wallet.</returns>
    public static Task<long?> NotComparedSinceAsync(this Session session, string chain, Reconciliation? last) => session.GetAsync<long?>(
        """
        select min(case when exists (select 1 from reconciliation_results where reconciliation = @Id and wallet = wallets.id) then @FinishedAt else wallets.created_at end)
        from wallets where chain = @chain
        """,
        new { chain, Id = last?.Id ?? "", FinishedAt = last?.FinishedAt ?? 0 });

    /// <returns>False: another replica has finished it.</returns>
    public static async Task<bool> FinishAsync(this Session session, Reconciliation asked, BlockReference at, string method, IReadOnlyList<ReconciliationResult> results, DateTimeOffset now)
    {
        if (await session.ExecuteAsync(
            "update reconciliations set finished_at = @Now, height = @Number, block = @Hash, method = @method where id = @Id and finished_at is null",
            new { Now = now.ToUnixTimeMilliseconds(), at.Number, at.Hash, method, asked.Id }) == 0)
        {
            return false;
        }

        foreach (var result in results)
        {
            await session.ExecuteAsync(
                """
                insert into reconciliation_results (reconciliation, wallet, asset, booked, in_flight, on_chain, difference)
                values (@Id, @Wallet, @Asset, @Booked, @InFlight, @OnChain, @Difference)
                """,
                new { asked.Id, result.Wallet, result.Asset, result.Booked, result.InFlight, result.OnChain, result.Difference });
            if (!result.Difference.IsZero)
            {
                await session.AppendEventAsync(
                    "reconciliation.differs",
                    asked.Id,
                    new Dictionary<string, string?>
                    {
                        ["wallet"] = result.Wallet,
                        ["asset"] = result.Asset,
                        ["booked"] = Amount.Write(result.Booked),
                        ["inFlight"] = Amount.Write(result.InFlight),
                        ["onChain"] = Amount.Write(result.OnChain),
                        ["difference"] = Amount.Write(result.Difference),
                        ["block"] = at.Hash,
                    },
                    now);
            }
        }

        await session.AppendEventAsync(
            "reconciliation.finished",
            asked.Id,
            new Dictionary<string, string?> { ["chain"] = asked.Chain, ["block"] = at.Hash, ["method"] = method, ["differences"] = $"{results.Count(result => !result.Difference.IsZero)}", ["requestedBy"] = asked.RequestedBy },
            now);
        return true;
    }
}
