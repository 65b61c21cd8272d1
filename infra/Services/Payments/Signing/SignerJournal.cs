using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Signing;

/// <summary>
/// What the signer has agreed to, in a database that the service cannot write and written before it signs: it would notice if the service asked for one transfer twice under two nonces, or with other coins, even if
/// the service's database were lost, restored from a backup or changed by a thief. On its own disk for one signer; in PostgreSQL for any number of them.
/// </summary>
internal sealed class SignerJournal(Database database) : IAsyncDisposable
{
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
        -- A nonce of Ethereum, or an output of Bitcoin that is spent.
        create table if not exists used (
            key text not null,
            input text not null,
            transfer text not null,
            primary key (key, input)
        );
        create index if not exists used_transfer on used (key, transfer);
        """;

    private volatile bool _isThere;

    /// <summary>Writes down that a transfer is signed with these inputs, after a check that sees what was agreed to before; both are one transaction.</summary>
    /// <param name="inputs">A nonce, or outputs that are spent.</param>
    /// <param name="check">Gets the sum of other transfers of the asset since a time; throws when it refuses.</param>
    /// <exception cref="SigningRefusedException">It contradicts what was agreed to.</exception>
    public async Task AgreeAsync(
        string key, string transfer, string asset, string destination, BigInteger amount, IReadOnlyCollection<string> inputs, DateTimeOffset now, TimeSpan window, Action<BigInteger> check)
    {
        try
        {
            await database.ChangeAsync(session => AgreeAsync(session, key, transfer, asset, destination, amount, inputs, now, window, check));
            _isThere = true;
        }
        catch (StoreUnavailableException exception)
        {
            throw new SignerUnavailableException($"the journal of the signer does not answer: {exception.Message}", exception);
        }
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task AgreeAsync(
        Session session, string key, string transfer, string asset, string destination, BigInteger amount, IReadOnlyCollection<string> inputs, DateTimeOffset now, TimeSpan window, Action<BigInteger> check)
    {
        // One after the other, so that limits are not exceeded by two that do not see each other.
        await session.WaitForOthersAsync(JournalLock);
        if (!_isThere)
            await session.ExecuteAsync(Schema);
        var before = await session.FindAsync<Agreed>("select asset, destination, amount from agreed where key = @key and transfer = @transfer", new { key, transfer });
        if (before is not null && (before.Asset, before.Destination, before.Amount) != (asset, destination, Amount.Write(amount)))
            throw new SigningRefusedException("contradiction", $"transfer {transfer} was signed as {before.Amount} of {before.Asset} to {before.Destination}");
        var owned = (await session.ListAsync<string>("select input from used where key = @key and transfer = @transfer", new { key, transfer })).ToHashSet(StringComparer.Ordinal);
        if (before is not null && !owned.SetEquals(inputs))
            throw new SigningRefusedException("other-inputs", $"transfer {transfer} was signed with {string.Join(", ", owned.Order())}; with others it could be paid twice");
        var others = await session.ListAsync<string>(
            "select amount from agreed where key = @key and asset = @asset and at > @Since and transfer <> @transfer", new { key, asset, transfer, Since = (now - window).ToUnixTimeMilliseconds() });
        check(others.Aggregate(BigInteger.Zero, (sum, one) => sum + Amount.Read(one)));
        if (before is not null)
            return;
        foreach (var input in inputs)
        {
            if (await session.ExecuteAsync("insert into used (key, input, transfer) values (@key, @input, @transfer) on conflict do nothing", new { key, input, transfer }) == 0)
                throw new SigningRefusedException("input-used", $"{input} is already another transfer's");
        }

        await session.ExecuteAsync(
            "insert into agreed (key, transfer, asset, destination, amount, at) values (@key, @transfer, @asset, @destination, @Amount, @At)",
            new { key, transfer, asset, destination, Amount = Amount.Write(amount), At = now.ToUnixTimeMilliseconds() });
    }

    private sealed record Agreed
    {
        public required string Asset { get; init; }

        public required string Destination { get; init; }

        public required string Amount { get; init; }
    }
}
