using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Books;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Policies;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Transfers;
using HaCluster.Payments.Working;
using static HaCluster.Payments.Tests.Store.TestTransfers;

namespace HaCluster.Payments.Tests.Store;

/// <summary>Every behaviour of the store, on both databases.</summary>
[Collection(StoreCollection.Name)]
public sealed partial class StoreTests(PostgreSql postgreSql) : OwnStore(postgreSql)
{
    [SkippableTheory, OnBothStores]
    public async Task The_largest_amount_of_Ethereum_is_kept_to_the_unit(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: Amount.Most - 1);
        await database.ChangeAsync(session => session.PostAsync([new Posting("more", Asset.Ethereum, Account.World, Account.Available(wallet.Id), 1)], Now));
        Assert.Equal(Amount.Most, await database.AvailableAsync(wallet));
        Assert.Equal(-Amount.Most, await database.ReadAsync(session => session.BalanceAsync(Account.World, Asset.Ethereum)));
        Assert.Empty(await database.ReadAsync(session => session.AuditAsync()));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_transfer_that_ends_books_what_left_and_frees_the_rest(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: 1000);
        var paid = Of(wallet, 300, 50);
        var failed = Of(wallet, 200, 50);
        var cancelled = Of(wallet, 100, 50);
        foreach (var transfer in new[] { paid, failed, cancelled })
            await database.ChangeAsync(session => session.CreateAsync(transfer, Now));
        Assert.Equal((250, 750), (await database.AvailableAsync(wallet), await database.ReservedAsync(wallet)));

        await MoveAllAsync(database, paid, [TransferEvent.Approve, TransferEvent.Sign, TransferEvent.Broadcast, TransferEvent.Confirm, TransferEvent.Finalize], fee: 21);
        await MoveAllAsync(database, failed, [TransferEvent.Approve, TransferEvent.Sign, TransferEvent.Confirm, TransferEvent.Revert], fee: 50);
        await MoveAllAsync(database, cancelled, [TransferEvent.Cancel]);
        Assert.Equal((1000 - 300 - 21 - 50, 0), (await database.AvailableAsync(wallet), await database.ReservedAsync(wallet)));
        Assert.Empty(await database.ReadAsync(session => session.AuditAsync()));
        Assert.Equal(
            ["transfer.created", "transfer.approved", "transfer.signed", "transfer.broadcast", "transfer.confirmed", "transfer.final"],
            (await database.EventsAsync(0, 100)).Where(one => one.Subject == paid.Id).Select(one => one.Type));
    }

    [SkippableTheory, OnBothStores]
    public async Task Nobody_spends_what_is_not_there_not_even_at_the_same_moment(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: 100);
        // 25 for each with its fee: four of the twelve are covered.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            try
            {
                await database.ChangeAsync(session => session.CreateAsync(Of(wallet, 15, 10), Now));
                return true;
            }
            catch (NotCoveredException)
            {
                return false;
            }
        }));
        Assert.Equal(4, outcomes.Count(isCovered => isCovered));
        Assert.Equal((0, 100), (await database.AvailableAsync(wallet), await database.ReservedAsync(wallet)));
        Assert.Equal(4, (await database.ReadAsync(session => session.TransfersAsync(wallet.Id, null, null, 100))).Count);
        Assert.Empty(await database.ReadAsync(session => session.AuditAsync()));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_cause_is_booked_once_and_never_with_another_amount(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: 100);
        await database.ChangeAsync(session => session.PostAsync([BookEntries.Open(wallet.Id, Asset.Ethereum, 100)], Now));
        Assert.Equal(100, await database.AvailableAsync(wallet));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.ChangeAsync(session => session.PostAsync([BookEntries.Open(wallet.Id, Asset.Ethereum, 101)], Now)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.ChangeAsync(session => session.PostAsync([new Posting("none", Asset.Ethereum, "a", "b", 0)], Now)));
    }

    [SkippableTheory]
    [InlineData(StoreKind.Sqlite, "update postings set amount = '1'")]
    [InlineData(StoreKind.PostgreSql, "update postings set amount = '1'")]
    [InlineData(StoreKind.Sqlite, "delete from postings")]
    [InlineData(StoreKind.PostgreSql, "delete from postings")]
    [InlineData(StoreKind.PostgreSql, "truncate postings")]
    [InlineData(StoreKind.Sqlite, "update outbox set data = '{}'")]
    [InlineData(StoreKind.PostgreSql, "update outbox set data = '{}'")]
    [InlineData(StoreKind.Sqlite, "update attempts set raw = '0x03'")]
    [InlineData(StoreKind.PostgreSql, "update attempts set raw = '0x03'")]
    [InlineData(StoreKind.Sqlite, "delete from attempts")]
    [InlineData(StoreKind.PostgreSql, "delete from attempts")]
    [InlineData(StoreKind.Sqlite, "update nonces set nonce = 8")]
    [InlineData(StoreKind.PostgreSql, "update nonces set nonce = 8")]
    [InlineData(StoreKind.Sqlite, "update transfers set destination = 'thief'")]
    [InlineData(StoreKind.PostgreSql, "update transfers set destination = 'thief'")]
    [InlineData(StoreKind.Sqlite, "update transfers set amount = '99'")]
    [InlineData(StoreKind.PostgreSql, "update transfers set amount = '99'")]
    [InlineData(StoreKind.Sqlite, "update transfers set state = 'approved' where state = 'cancelled'")]
    [InlineData(StoreKind.PostgreSql, "update transfers set state = 'approved' where state = 'cancelled'")]
    [InlineData(StoreKind.Sqlite, "insert into postings (cause, at, asset, source, target, amount) values ('x', 1, 'ethereum', 'world', 'available/x', '-5')")]
    [InlineData(StoreKind.PostgreSql, "insert into postings (cause, at, asset, source, target, amount) values ('x', 1, 'ethereum', 'world', 'available/x', '-5')")]
    public async Task History_is_not_rewritten(StoreKind kind, string sql)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: 100);
        var cancelled = Of(wallet, 10);
        await database.ChangeAsync(session => session.CreateAsync(cancelled, Now));
        await MoveAllAsync(database, cancelled, [TransferEvent.Cancel]);
        var signed = Of(wallet, 20);
        await database.ChangeAsync(async session =>
        {
            await session.CreateAsync(signed, Now);
            await session.AddAttemptAsync(Attempt(signed), Now);
            await session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values ('ethereum', '0x', 7, @Id)", new { signed.Id });
        });
        await Assert.ThrowsAsync<ForbiddenChangeException>(() => database.ChangeAsync(session => session.ExecuteAsync(sql)));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_transfer_has_one_attempt_of_a_number_and_one_nonce(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: 100);
        var (first, second) = (Of(wallet, 10), Of(wallet, 10));
        await database.ChangeAsync(async session =>
        {
            await session.CreateAsync(first, Now);
            await session.CreateAsync(second, Now);
            await session.AddAttemptAsync(Attempt(first), Now);
            await session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values ('ethereum', '0x', 7, @Id)", new { first.Id });
        });
        await Assert.ThrowsAsync<DuplicateException>(() => database.ChangeAsync(session => session.AddAttemptAsync(Attempt(first) with { Txid = "0xother" }, Now)));
        foreach (var (nonce, transfer) in new[] { (7, second.Id), (8, first.Id) })
            await Assert.ThrowsAsync<DuplicateException>(() => database.ChangeAsync(session => session.ExecuteAsync("insert into nonces (chain, sender, nonce, transfer) values ('ethereum', '0x', @nonce, @transfer)", new { nonce, transfer })));
    }

    [SkippableTheory, OnBothStores]
    public async Task Of_two_that_move_a_transfer_one_does(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: 1000);
        var transfer = Of(wallet, 10);
        await database.ChangeAsync(session => session.CreateAsync(transfer, Now));
        var moves = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => database.ChangeAsync(
            session => session.MoveAsync(transfer, number % 2 == 0 ? TransferEvent.Approve : TransferEvent.Cancel, "test", Now))));
        var moved = Assert.Single(moves, move => move is not null)!;
        var stored = await database.ReadAsync(session => session.TransferAsync(transfer.Id));
        Assert.Equal(moved, stored);
        // What the table lacks does not happen.
        Assert.Null(await database.ChangeAsync(session => session.MoveAsync(stored!, TransferEvent.Finalize, "test", Now)));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_lease_has_one_holder_until_it_is_over_or_given_up(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var length = TimeSpan.FromSeconds(10);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => database.TakeAsync("sender/w", $"replica-{number}", length, Now, default)));
        Assert.Single(taken, isTaken => isTaken);
        var holder = $"replica-{Array.IndexOf(taken, true)}";
        Assert.True(await database.TakeAsync("sender/w", holder, length, Now.AddSeconds(5), default));
        Assert.False(await database.TakeAsync("sender/w", "other", length, Now.AddSeconds(14), default));
        Assert.True(await database.TakeAsync("sender/other", "other", length, Now.AddSeconds(14), default));
        Assert.True(await database.TakeAsync("sender/w", "other", length, Now.AddSeconds(15), default));
        Assert.False(await database.TakeAsync("sender/w", holder, length, Now.AddSeconds(16), default));
        await database.GiveUpAsync("sender/w", "other", default);
        Assert.True(await database.TakeAsync("sender/w", holder, length, Now.AddSeconds(16), default));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_later_policy_and_a_new_destination_wait_for_the_delay_of_the_policy_that_holds(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync();
        var strict = new PolicyDocument { DelaySeconds = 3600 };
        await database.ChangeAsync(session => session.AddDestinationAsync(wallet.Id, "early", null, "a", Now));
        await database.ChangeAsync(session => session.SetPolicyAsync(wallet.Id, strict, "a", Now));
        await database.ChangeAsync(session => session.SetPolicyAsync(wallet.Id, strict with { DelaySeconds = 0 }, "thief", Now));
        await database.ChangeAsync(session => session.AddDestinationAsync(wallet.Id, "thief", null, "thief", Now.AddSeconds(1)));
        // To add it again does not bring it forward.
        await database.ChangeAsync(session => session.AddDestinationAsync(wallet.Id, "thief", null, "thief", Now.AddSeconds(2)));
        Assert.True(await ListedAsync("early", 0));
        Assert.False(await ListedAsync("thief", 3600));
        Assert.True(await ListedAsync("thief", 3601));
        Assert.Equal(3600, (await database.ReadAsync(session => session.PolicyAsync(wallet.Id, Now.AddSeconds(3599))))!.DelaySeconds);
        Assert.Equal(0, (await database.ReadAsync(session => session.PolicyAsync(wallet.Id, Now.AddSeconds(3600))))!.DelaySeconds);
        Assert.True(await database.ChangeAsync(session => session.RemoveDestinationAsync(wallet.Id, "early", "a", Now)));
        Assert.False(await ListedAsync("early", 1));

        Task<bool> ListedAsync(string address, int seconds) => database.ReadAsync(session => session.IsListedAsync(wallet.Id, address, Now.AddSeconds(seconds)));
    }

    [SkippableTheory, OnBothStores]
    public async Task Transfers_are_listed_in_pages_that_miss_and_repeat_none(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wallet = await database.AddWalletAsync(funds: 1_000_000);
        for (var number = 0; number < 25; number++)
            await database.ChangeAsync(session => session.CreateAsync(Of(wallet, 1), Now.AddSeconds(number)));
        var seen = new List<string>();
        for (string? before = null; ;)
        {
            var page = await database.ReadAsync(session => session.TransfersAsync(wallet.Id, TransferState.Created, before, 10));
            seen.AddRange(page.Select(transfer => transfer.Id));
            if (page is not [.., var last])
                break;
            before = last.Id;
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.Distinct().Count());
        Assert.Empty(await database.ReadAsync(session => session.TransfersAsync(wallet.Id, TransferState.Final, null, 10)));
        Assert.Equal(25, await database.ReadAsync(session => session.SpentSinceAsync(wallet.Id, Asset.Ethereum, Now.AddSeconds(-1))));
    }

    [SkippableTheory, OnBothStores]
    public async Task What_was_asked_for_since_a_time_is_the_sum_of_what_may_be_paid(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var (wallet, random) = (await database.AddWalletAsync(funds: BigInteger.Pow(10, 40)), new Random(7));
        var counted = new List<(DateTimeOffset At, BigInteger Amount)>();
        for (var number = 0; number < 60; number++)
        {
            var (at, amount) = (Now.AddMilliseconds(-random.NextInt64(TimeSpan.MillisecondsPerDay * 2)), BigInteger.Pow(10, 30) + number);
            var transfer = Of(wallet, amount);
            await database.ChangeAsync(session => session.CreateAsync(transfer, at));
            if (number % 3 == 0)
                await database.ChangeAsync(session => session.MoveAsync(transfer, TransferEvent.Cancel, "test", Now));
            else
                counted.Add((at, amount));
        }

        foreach (var since in counted.SelectMany(one => new[] { one.At, one.At.AddMilliseconds(1) }).Append(Now.AddHours(-24)).Append(Now.AddDays(-3)))
        {
            Assert.Equal(counted.Where(one => one.At >= since).Aggregate(BigInteger.Zero, (sum, one) => sum + one.Amount), await database.ReadAsync(session => session.SpentSinceAsync(wallet.Id, Asset.Ethereum, since)));
        }

        Assert.Equal(0, await database.ReadAsync(session => session.SpentSinceAsync(wallet.Id, Asset.Bitcoin, Now.AddDays(-3))));
    }

    [SkippableTheory, OnBothStores]
    public async Task Replicas_that_start_together_bring_the_schema_up_once_and_again(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        await Task.WhenAll(Enumerable.Range(0, kind == StoreKind.PostgreSql ? 4 : 1).Select(_ => database.MigrateAsync(default)));
        await database.AddWalletAsync();
    }

    private static async Task MoveAllAsync(Database database, Transfer transfer, TransferEvent[] happenings, BigInteger? fee = null)
    {
        foreach (var happened in happenings)
        {
            transfer = (await database.ChangeAsync(session => session.MoveAsync(transfer, happened, "test", Now, moved => moved with { Fee = fee })))!;
            Assert.NotNull(transfer);
        }
    }
}
