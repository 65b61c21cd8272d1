using System.Security.Cryptography;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Idempotency;

/// <summary>An answer that was given, and is given again for the same key.</summary>
internal sealed record StoredAnswer(int Status, string Body);

/// <summary>What a key stands for when a request comes with it.</summary>
internal abstract record Claim
{
    /// <summary>Nobody has answered it yet: the one who gets this does.</summary>
    internal sealed record Mine(string Token) : Claim;

    /// <summary>It was answered.</summary>
    internal sealed record Answered(StoredAnswer Answer) : Claim;

    /// <summary>Another request with it is being answered now.</summary>
    internal sealed record InProgress : Claim;

    /// <summary>It belongs to a request that says something else.</summary>
    internal sealed record OtherRequest : Claim;
}

/// <summary>
/// A request with a key is done once. The key never expires: a client that comes back with it after a year means the transfer of a year ago. It is the same key whoever sends it, because a
/// client that changes its API key between two tries must not pay twice.
/// </summary>
internal sealed class IdempotencyKeys(Database database, TimeProvider clock)
{
    /// <summary>
    /// After which a claim whose process has died is taken over, or as long before it was made, by a clock that was wrong. One that is only slow finds its claim gone and does nothing.
    /// </summary>
    public static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(30);

    public async Task<Claim> ClaimAsync(string key, string requestHash, CancellationToken cancellationToken)
    {
        var claim = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var now = clock.GetUtcNow();
        return await database.ChangeAsync<Claim>(
            async session =>
            {
                var parameters = new { key, requestHash, claim, Now = now.ToUnixTimeMilliseconds(), Over = (now - TakeOver).ToUnixTimeMilliseconds(), Impossible = (now + TakeOver).ToUnixTimeMilliseconds() };
                if (await session.ExecuteAsync("insert into idempotency_keys (key, request_hash, claim, claimed_at) values (@key, @requestHash, @claim, @Now) on conflict (key) do nothing", parameters) == 1)
                    return new Claim.Mine(claim);
                var there = await session.GetAsync<Row>($"select request_hash, claimed_at, status, body from idempotency_keys where key = @key{session.ForUpdate}", parameters);
                if (there.RequestHash != requestHash)
                    return new Claim.OtherRequest();
                if (there is { Status: { } status, Body: { } body })
                    return new Claim.Answered(new StoredAnswer((int)status, body));
                if (there.ClaimedAt > parameters.Over && there.ClaimedAt <= parameters.Impossible)
                    return new Claim.InProgress();
                await session.ExecuteAsync("update idempotency_keys set claim = @claim, claimed_at = @Now where key = @key", parameters);
                return new Claim.Mine(claim);
            },
            cancellationToken);
    }

    /// <summary>Stores the answer in the transaction that does the work: the work is done exactly if the answer is there.</summary>
    /// <exception cref="ClaimLostException">Another request has taken the claim over: this transaction must not be committed.</exception>
    public static async Task AnswerAsync(Session session, string key, string claim, StoredAnswer answer)
    {
        var written = await session.ExecuteAsync(
            "update idempotency_keys set status = @Status, body = @Body where key = @key and claim = @claim and status is null",
            new { key, claim, Status = (long)answer.Status, answer.Body });
        if (written != 1)
            throw new ClaimLostException();
    }

    /// <summary>Frees a key whose request did nothing, such as one that was refused: the client may correct it and send it again.</summary>
    public Task ReleaseAsync(string key, string claim) => database.ChangeAsync(
        session => session.ExecuteAsync("delete from idempotency_keys where key = @key and claim = @claim and status is null", new { key, claim }), CancellationToken.None);

    private sealed record Row
    {
        public required string RequestHash { get; init; }

        public long ClaimedAt { get; init; }

        public long? Status { get; init; }

        public string? Body { get; init; }
    }
}

internal sealed class ClaimLostException() : Exception("another request with the same Idempotency-Key has taken this one's place");
