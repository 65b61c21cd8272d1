using System.Collections.Frozen;
using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Signing;

/// <summary>
/// What the signer has agreed to, in a database that the service cannot write and written before anybody has the signature: it would notice if the service asked for one transfer twice under two nonces, or with other
/// coins, even if the service's database were lost, restored from a backup or changed by a thief. On its own disk for one signer; in PostgreSQL for any number of them.
/// </summary>
internal sealed class SignerJournal(Database database) : IAsyncDisposable
{
    /// <summary>Code of the refusal to renounce signing, since something was signed already.</summary>
    public const string AlreadySigned = "already-signed";

    /// <summary>Code of the refusal to sign what the signer has promised never to sign.</summary>
    public const string Forsworn = "signing-renounced";

    /// <summary>Codes of refusals of what was signed in another way.</summary>
    public static readonly FrozenSet<string> Contradictions = new[] { "contradiction", "other-inputs", "other-transfers" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>By which clocks of signers may differ: the limit of a day is too strict for as long.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromDays(1);

    /// <summary>Any number that nobody else takes in this database.</summary>
    private const long JournalLock = 0x7369676e6572;

    private const string Schema = """
        create table if not exists agreed (
            key text not null,
            transfer text not null,
            asset text not null,
            destination text not null,
            amount text not null,
            at bigint not null,
            primary key (key, transfer)
        );
        create index if not exists agreed_at on agreed (key, asset, at);
        -- A nonce of Ethereum, or an output of Bitcoin that is spent; the transfer is the owner.
        create table if not exists used (
            key text not null,
            input text not null,
            transfer text not null,
            primary key (key, input)
        );
        create index if not exists used_transfer on used (key, transfer);
        -- Transfers that are paid with the inputs of another one.
        create table if not exists joined (
            key text not null,
            transfer text not null,
            owner text not null,
            primary key (key, transfer)
        );
        create index if not exists joined_owner on joined (key, owner);
        -- Transfers whose cancellation was signed and never their payment.
        create table if not exists unpaid (
            key text not null,
            transfer text not null,
            primary key (key, transfer)
        );
        -- Owners for which nothing was signed, and never will be.
        create table if not exists forsworn (
            key text not null,
            owner text not null,
            primary key (key, owner)
        );
        -- What signed payments give back, and what each transfer bears of their fee: a child may spend it.
        create table if not exists change (
            key text not null,
            input text not null,
            transfer text not null,
            owner text not null,
            fee text not null,
            primary key (key, input, transfer)
        );
        -- The sum of all amounts of an asset up to each agreement: what a window of time has is the difference of two rows.
        create table if not exists totals (
            key text not null,
            asset text not null,
            position bigint not null,
            at bigint not null,
            total text not null,
            primary key (key, asset, position)
        );
        create index if not exists totals_at on totals (key, asset, at, position);
        """;

    private volatile bool _isThere;

    /// <summary>Writes down what is signed, after a check that sees what was agreed to before; both are one transaction.</summary>
    /// <param name="check">
    /// Gets each transfer and the sum of others of its asset since a time, or null for one that counts in no window: what was agreed to once moves no more when it is signed again, however long after; a cancellation moves
    /// nothing. Throws when it refuses.
    /// </param>
    /// <param name="complete">Makes what the agreement is for. If it throws, nothing was agreed to.</param>
    /// <param name="changeOf">What a child may spend of it.</param>
    /// <exception cref="SigningRefusedException">It contradicts what was agreed to.</exception>
    public Task<T> AgreeAsync<T>(
        Agreement agreement, DateTimeOffset now, TimeSpan window, Action<AgreedTransfer, BigInteger?> check, Func<T> complete, Func<T, SignedChange?>? changeOf = null) => ChangeAsync(async session =>
    {
        await AgreeAsync(session, agreement, now, window, check);
        var completed = complete();
        if (changeOf?.Invoke(completed) is { } change)
            await session.AddChangeAsync(agreement, change);
        return completed;
    });

    /// <summary>Writes down a child before it is signed.</summary>
    /// <param name="check">Gets, for each transfer that bears it, what child and parent cost together; throws when it refuses.</param>
    /// <param name="complete">Makes what the agreement is for. If it throws, nothing was agreed to.</param>
    /// <exception cref="SigningRefusedException">It spends something else than the change of a payment that was signed for these transfers.</exception>
    public Task<T> AgreeAsync<T>(ChildAgreement agreement, Action<BigInteger> check, Func<T> complete) => ChangeAsync(async session =>
    {
        foreach (var fee in await session.AgreeToChildAsync(agreement))
            check(fee);
        return complete();
    });

    /// <summary>Writes down that nothing is ever signed for an owner, and those that would be paid with it; or for the children of a transaction, whose change is the owner then.</summary>
    /// <exception cref="SigningRefusedException">Something was.</exception>
    public Task ForswearAsync(string key, string owner, IReadOnlyList<string> transfers) => ChangeAsync(async session =>
    {
        if ((await session.ListAsync<string>($"select transfer from agreed where key = @key and transfer {session.In("Ids")}", new { key, Ids = transfers.ToArray() })).Order().FirstOrDefault() is { } signed)
            throw new SigningRefusedException(AlreadySigned, $"a transaction of {signed} was signed; whoever has it can send it");
        if (await session.FindAsync<string>("select transfer from used where key = @key and input = @owner", new { key, owner }) is { } user)
            throw new SigningRefusedException(AlreadySigned, $"a transaction of {user} that spends {owner} was signed; whoever has it can send it");
        return await session.ExecuteAsync("insert into forsworn (key, owner) values (@key, @owner) on conflict do nothing", new { key, owner });
    });

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<T> ChangeAsync<T>(Func<Session, Task<T>> work)
    {
        try
        {
            var result = await database.ChangeAsync(async session =>
            {
                // One after the other, so that limits are not exceeded by two that do not see each other.
                await session.WaitForOthersAsync(JournalLock);
                if (!_isThere)
                    await session.ExecuteAsync(Schema);
                return await work(session);
            });
            _isThere = true;
            return result;
        }
        catch (StoreUnavailableException exception)
        {
            throw new SignerUnavailableException($"the journal of the signer does not answer: {exception.Message}", exception);
        }
    }

    private static async Task AgreeAsync(Session session, Agreement agreement, DateTimeOffset now, TimeSpan window, Action<AgreedTransfer, BigInteger?> check)
    {
        var (key, owner) = (agreement.Key, agreement.Owner);
        var before = await BeforeAsync(session, agreement);
        if (before.Count == 0 && await session.GetAsync<long>("select count(*) from forsworn where key = @key and owner = @owner", new { key, owner }) > 0)
            throw new SigningRefusedException(Forsworn, $"the signer has promised never to sign {owner}");
        var since = (now - window).ToUnixTimeMilliseconds();
        foreach (var asset in agreement.Transfers.GroupBy(transfer => transfer.Asset, StringComparer.Ordinal))
        {
            var last = await session.LastTotalAsync(key, asset.Key);
            var spent = last.Amount - await session.TotalUntilAsync(key, asset.Key, since);
            // One agreement under a wrong clock would keep all later ones in the window.
            if (last.At > (now + MostSkew).ToUnixTimeMilliseconds())
                throw new SignerUnavailableException($"the journal has an agreement of {DateTimeOffset.FromUnixTimeMilliseconds(last.At):O}, and the clock says {now:O}: correct the clock, or wait");
            // The clocks of two signers differ: the later of two agreements is not the earlier by its time.
            var at = Math.Max(last.At, now.ToUnixTimeMilliseconds());
            foreach (var transfer in asset)
            {
                Check(check, transfer, before.Count > 0 || !transfer.IsPaid ? null : spent, isSigned: before.Count > 0);
                if (before.Count == 0)
                    await AddAsync(session, key, transfer, at);
                if (!transfer.IsPaid)
                    continue;
                spent += transfer.Amount;
                if (before.Count == 0)
                    last = await session.AddTotalAsync(key, asset.Key, last, transfer.Amount, at);
            }
        }

        if (before.Count > 0)
            return;
        foreach (var input in agreement.Inputs)
        {
            if (await session.ExecuteAsync("insert into used (key, input, transfer) values (@key, @input, @owner) on conflict do nothing", new { key, input, owner }) == 0)
                throw new SigningRefusedException("input-used", $"{input} already belongs to another transfer");
        }

        foreach (var transfer in agreement.Transfers.Where(transfer => transfer.Id != owner))
            await session.ExecuteAsync("insert into joined (key, transfer, owner) values (@key, @Id, @owner)", new { key, transfer.Id, owner });
    }

    /// <summary>Of transfers that were signed together nobody may take one out by its refusal: a transaction that pays it is out there.</summary>
    private static void Check(Action<AgreedTransfer, BigInteger?> check, AgreedTransfer transfer, BigInteger? spent, bool isSigned)
    {
        try
        {
            check(transfer, spent);
        }
        catch (SigningRefusedException exception) when (isSigned)
        {
            throw new SigningRefusedException(exception.Code, exception.Message);
        }
    }

    /// <summary>What was agreed to of the same transfers: all of it the same, or nothing.</summary>
    private static async Task<IReadOnlyList<Agreed>> BeforeAsync(Session session, Agreement agreement)
    {
        var (key, owner) = (agreement.Key, agreement.Owner);
        var before = await session.ListAsync<Agreed>(
            $"""
            select agreed.transfer, asset, destination, amount, coalesce(owner, agreed.transfer) as owner, case when unpaid.transfer is null then 0 else 1 end as is_unpaid
            from agreed left join joined on joined.key = agreed.key and joined.transfer = agreed.transfer left join unpaid on unpaid.key = agreed.key and unpaid.transfer = agreed.transfer
            where agreed.key = @key and agreed.transfer {session.In("Ids")}
            """,
            new { key, Ids = agreement.Transfers.Select(transfer => transfer.Id).ToArray() });
        foreach (var one in before)
        {
            var transfer = agreement.Transfers.Single(transfer => transfer.Id == one.Transfer);
            if ((one.Asset, one.Destination, one.Amount) != (transfer.Asset, transfer.Destination, Amount.Write(transfer.Amount)))
                throw new SigningRefusedException("contradiction", $"transfer {one.Transfer} was signed as {one.Amount} of {one.Asset} to {one.Destination}");
            if (transfer.IsPaid && one.IsUnpaid == 1)
                throw new SigningRefusedException("cancelled", $"the cancellation of transfer {one.Transfer} was signed first: it is never paid");
            if (one.Owner != owner)
                throw new SigningRefusedException("other-inputs", $"transfer {one.Transfer} was signed with the inputs of {one.Owner}; with others it could be paid twice");
        }

        var joined = await session.ListAsync<string>("select transfer from joined where key = @key and owner = @owner", new { key, owner });
        if (before.Count > 0 && (before.Count != agreement.Transfers.Count || joined.Count != agreement.Transfers.Count - 1))
            throw new SigningRefusedException("other-transfers", $"{owner} was signed together with {(joined.Count == 0 ? "no other" : string.Join(", ", joined.Order()))}; one that is no longer paid is named as cancelled");
        var owned = (await session.ListAsync<string>("select input from used where key = @key and transfer = @owner", new { key, owner })).ToHashSet(StringComparer.Ordinal);
        if (before.Count > 0 && !owned.SetEquals(agreement.Inputs))
            throw new SigningRefusedException("other-inputs", $"transfer {owner} was signed with {string.Join(", ", owned.Order())}; with others it could be paid twice");
        return before;
    }

    private static async Task AddAsync(Session session, string key, AgreedTransfer transfer, long at)
    {
        await session.ExecuteAsync(
            "insert into agreed (key, transfer, asset, destination, amount, at) values (@key, @Id, @Asset, @Destination, @Amount, @at)",
            new { key, transfer.Id, transfer.Asset, transfer.Destination, Amount = Amount.Write(transfer.Amount), at });
        if (!transfer.IsPaid)
            await session.ExecuteAsync("insert into unpaid (key, transfer) values (@key, @Id)", new { key, transfer.Id });
    }

    private sealed record Agreed
    {
        public required string Transfer { get; init; }

        public required string Asset { get; init; }

        public required string Destination { get; init; }

        public required string Amount { get; init; }

        public required string Owner { get; init; }

        public long IsUnpaid { get; init; }
    }
}
