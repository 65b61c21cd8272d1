using HaCluster.Payments.Idempotency;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Transfers;
using static HaCluster.Payments.Tests.Store.TestTransfers;

namespace HaCluster.Payments.Tests.Store;

/// <summary>Who answers a request with a key.</summary>
public sealed partial class StoreTests
{
    [SkippableTheory, OnBothStores]
    public async Task A_key_is_claimed_once_answered_once_and_replayed(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var clock = new ManualClock(Now);
        var keys = new IdempotencyKeys(database, clock);
        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => keys.ClaimAsync("k", "hash", default)));
        var mine = Assert.IsType<Claim.Mine>(Assert.Single(claims, claim => claim is Claim.Mine));
        Assert.Equal(9, claims.OfType<Claim.InProgress>().Count());
        Assert.IsType<Claim.OtherRequest>(await keys.ClaimAsync("k", "other", default));

        await database.ChangeAsync(session => IdempotencyKeys.AnswerAsync(session, "k", mine.Token, new StoredAnswer(201, "{}")));
        clock.Advance(TimeSpan.FromDays(4000));
        Assert.Equal(new Claim.Answered(new StoredAnswer(201, "{}")), await keys.ClaimAsync("k", "hash", default));
        Assert.IsType<Claim.OtherRequest>(await keys.ClaimAsync("k", "other", default));
        await Assert.ThrowsAsync<ClaimLostException>(() => database.ChangeAsync(session => IdempotencyKeys.AnswerAsync(session, "k", mine.Token, new StoredAnswer(500, "x"))));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_claim_of_a_clock_that_was_wrong_is_taken_over(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var wrong = new ManualClock(Now + TimeSpan.FromHours(10));
        Assert.IsType<Claim.Mine>(await new IdempotencyKeys(database, wrong).ClaimAsync("k", "hash", default));
        Assert.IsType<Claim.Mine>(await new IdempotencyKeys(database, new ManualClock(Now)).ClaimAsync("k", "hash", default));
        // A difference that clocks may have is none.
        var ahead = new ManualClock(Now + TimeSpan.FromSeconds(20));
        Assert.IsType<Claim.Mine>(await new IdempotencyKeys(database, ahead).ClaimAsync("other", "hash", default));
        Assert.IsType<Claim.InProgress>(await new IdempotencyKeys(database, new ManualClock(Now)).ClaimAsync("other", "hash", default));
    }

    [SkippableTheory, OnBothStores]
    public async Task A_claim_of_a_process_that_died_is_taken_over_and_the_slow_one_does_nothing(StoreKind kind)
    {
        var database = await OpenAsync(kind);
        var clock = new ManualClock(Now);
        var keys = new IdempotencyKeys(database, clock);
        var wallet = await database.AddWalletAsync(funds: 1000);
        var slow = Assert.IsType<Claim.Mine>(await keys.ClaimAsync("k", "hash", default));
        clock.Advance(IdempotencyKeys.TakeOver);
        var second = Assert.IsType<Claim.Mine>(await keys.ClaimAsync("k", "hash", default));

        await Assert.ThrowsAsync<ClaimLostException>(() => database.ChangeAsync(async session =>
        {
            await session.CreateAsync(Of(wallet, 10), Now);
            await IdempotencyKeys.AnswerAsync(session, "k", slow.Token, new StoredAnswer(201, "slow"));
        }));
        // Refused after that, it frees nothing.
        await keys.ReleaseAsync("k", slow.Token);
        Assert.IsType<Claim.InProgress>(await keys.ClaimAsync("k", "hash", default));
        await database.ChangeAsync(session => IdempotencyKeys.AnswerAsync(session, "k", second.Token, new StoredAnswer(201, "second")));
        await keys.ReleaseAsync("k", second.Token);
        Assert.Empty(await database.ReadAsync(session => session.TransfersAsync(wallet.Id, null, null, 10)));
        Assert.Equal(new Claim.Answered(new StoredAnswer(201, "second")), await keys.ClaimAsync("k", "hash", default));

        var refused = Assert.IsType<Claim.Mine>(await keys.ClaimAsync("r", "wrong", default));
        await keys.ReleaseAsync("r", refused.Token);
        Assert.IsType<Claim.Mine>(await keys.ClaimAsync("r", "corrected", default));
    }
}
