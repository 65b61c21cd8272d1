using System.Collections.Concurrent;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using HaCluster.Payments.Books;
using HaCluster.Payments.Idempotency;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Transfers;
using static HaCluster.Payments.Tests.Store.TestTransfers;

namespace HaCluster.Payments.Tests.Store;

/// <summary>What holds for any order of events, on both databases.</summary>
[Collection(StoreCollection.Name)]
public sealed class StorePropertyTests(PostgreSql postgreSql) : IDisposable
{
    private const int Funds = 10_000;
    private const int MaxFee = 10;

    private static readonly Config Checked = Config.QuickThrowOnFailure.WithMaxTest(25);

    private readonly Scratch _scratch = new();
    private int _wallets;

    public void Dispose() => _scratch.Dispose();

    /// <summary>An event for a transfer, from a replica that has read it now or when it was new.</summary>
    internal sealed record Step(int Transfer, TransferEvent Event, int Fee, bool IsStale);

    /// <summary>A movement, possibly of a cause that was booked before.</summary>
    internal sealed record Movement(int Cause, int From, int To, int Amount);

    [SkippableTheory, OnBothStores]
    public async Task Any_order_of_events_leaves_a_transfer_where_the_table_says_and_the_books_whole(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        Check.One(Checked, Prop.ForAll(Steps(), steps => RunAsync(database, steps).GetAwaiter().GetResult()));
    }

    [SkippableTheory, OnBothStores]
    public async Task Duplicates_of_a_request_at_the_same_moment_do_its_work_once_and_get_one_answer(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var requests = Gen.ArrayOf(from key in Gen.Choose(0, 2) from body in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Constant(1))) select (key, body)).ToArbitrary();
        Check.One(Checked, Prop.ForAll(requests, sent => SendAsync(database, sent).GetAwaiter().GetResult()));
    }

    [SkippableTheory, OnBothStores]
    public async Task Whatever_is_booked_sums_to_zero_and_nobody_owes_but_the_world(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        var movements = Gen.ArrayOf(
            from cause in Gen.Choose(0, 30)
            from source in Gen.Choose(0, 3)
            from target in Gen.Choose(0, 3).Where(target => target != source)
            from amount in Gen.Choose(1, 100)
            select new Movement(cause, source, target, amount)).ToArbitrary();
        Check.One(Checked, Prop.ForAll(movements, booked => BookAsync(database, booked).GetAwaiter().GetResult()));
    }

    private static Arbitrary<Step[]> Steps() => Gen.ArrayOf(
        from transfer in Gen.Choose(0, 2)
        from happened in Gen.Elements(Enum.GetValues<TransferEvent>())
        from fee in Gen.Choose(0, MaxFee)
        from isStale in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(transfer, happened, fee, isStale)).ToArbitrary();

    private async Task RunAsync(Database database, Step[] steps)
    {
        var wallet = await database.AddWalletAsync($"w{Interlocked.Increment(ref _wallets)}", Funds);
        var created = new Transfer[3];
        for (var number = 0; number < created.Length; number++)
        {
            created[number] = Of(wallet, 100 * (number + 1), MaxFee);
            await database.ChangeAsync(session => session.CreateAsync(created[number], Now));
        }

        var model = created.Select(transfer => (State: transfer.State, Fee: BigInteger.Zero)).ToArray();
        foreach (var step in steps)
        {
            var read = step.IsStale ? created[step.Transfer] : (await database.ReadAsync(session => session.TransferAsync(created[step.Transfer].Id)))!;
            var moved = await database.ChangeAsync(session => session.MoveAsync(read, step.Event, "test", Now, after => after with { Fee = step.Fee }));
            // A transfer never comes back to the state in which it was new.
            var expected = read.State == model[step.Transfer].State ? TransferMachine.Next(read.State, step.Event) : null;
            Assert.Equal(expected, moved?.State);
            if (moved is not null)
                model[step.Transfer] = (moved.State, step.Fee);
        }

        // What has left, and what is still held.
        var (gone, held) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var (transfer, (state, fee)) in created.Zip(model))
        {
            Assert.Equal(state, (await database.ReadAsync(session => session.TransferAsync(transfer.Id)))!.State);
            gone += TransferMachine.Ends.Contains(state) ? fee + (state == TransferState.Final ? transfer.Amount : 0) : 0;
            held += TransferMachine.Ends.Contains(state) ? 0 : transfer.Amount + transfer.MaxFee;
        }

        Assert.Equal((Funds - gone - held, held), (await database.AvailableAsync(wallet), await database.ReservedAsync(wallet)));
        Assert.Empty(await database.ReadAsync(session => session.AuditAsync()));
    }

    private static async Task SendAsync(Database database, (int Key, int Body)[] requests)
    {
        var keys = new IdempotencyKeys(database, TimeProvider.System);
        var run = Guid.NewGuid();
        var (done, answers) = (new ConcurrentBag<int>(), new ConcurrentBag<(int Key, string Body)>());
        await Task.WhenAll(requests.Select(async request =>
        {
            // Off this thread: all at once.
            await Task.Yield();
            switch (await keys.ClaimAsync($"{run}/{request.Key}", $"{request.Body}", default))
            {
                case Claim.Mine { Token: var token }:
                    var answer = await database.ChangeAsync(async session =>
                    {
                        var stored = new StoredAnswer(201, $"{request.Body} {Guid.NewGuid()}");
                        await IdempotencyKeys.AnswerAsync(session, $"{run}/{request.Key}", token, stored);
                        return stored;
                    });
                    done.Add(request.Key);
                    answers.Add((request.Key, answer.Body));
                    break;
                case Claim.Answered { Answer: var given }:
                    Assert.StartsWith($"{request.Body} ", given.Body, StringComparison.Ordinal);
                    answers.Add((request.Key, given.Body));
                    break;
            }
        }));
        Assert.Equal(requests.Select(request => request.Key).Distinct().Order(), done.Order());
        Assert.All(answers.GroupBy(answer => answer.Key), key => Assert.Single(key.Distinct()));
    }

    private static async Task BookAsync(Database database, Movement[] movements)
    {
        // An asset of its own for each run.
        var asset = $"asset-{Guid.NewGuid():N}";
        string Name(int account) => account == 0 ? Account.World : Account.Available($"{asset}-{account}");
        var (model, booked) = (new Dictionary<int, BigInteger>(), new Dictionary<int, Movement>());
        foreach (var movement in movements)
        {
            var (from, to) = (movement.From, movement.To);
            var isRepeated = booked.TryGetValue(movement.Cause, out var before);
            var isCovered = from == 0 || model.GetValueOrDefault(from) >= movement.Amount;
            var posted = database.ChangeAsync(session => session.PostAsync([new Posting($"{asset}/{movement.Cause}", asset, Name(from), Name(to), movement.Amount)], Now));
            if (isRepeated && before != movement)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => posted);
            }
            else if (!isRepeated && !isCovered)
            {
                await Assert.ThrowsAsync<NotCoveredException>(() => posted);
            }
            else
            {
                await posted;
                if (isRepeated)
                    continue;
                booked[movement.Cause] = movement;
                model[from] = model.GetValueOrDefault(from) - movement.Amount;
                model[to] = model.GetValueOrDefault(to) + movement.Amount;
            }
        }

        for (var account = 0; account <= 3; account++)
            Assert.Equal(model.GetValueOrDefault(account), await database.ReadAsync(session => session.BalanceAsync(Name(account), asset)));
        Assert.Equal(BigInteger.Zero, model.Values.Aggregate(BigInteger.Zero, (sum, amount) => sum + amount));
        Assert.Empty(await database.ReadAsync(session => session.AuditAsync()));
    }
}
