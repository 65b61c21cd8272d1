using System.Numerics;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>What signers that share a journal agree to together.</summary>
[Collection(StoreCollection.Name)]
public sealed class SignerJournalTests(PostgreSql postgreSql) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task What_one_signer_agreed_to_binds_the_other()
    {
        var connection = await postgreSql.CreateAsync();
        await using var one = new SignerJournal(new PostgreSqlDatabase(connection));
        await using var other = new SignerJournal(new PostgreSqlDatabase(connection));
        await AgreeAsync(one, "trf_1", "nonce 0");
        await AgreeAsync(other, "trf_1", "nonce 0");
        Assert.Equal("other-inputs", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(other, "trf_1", "nonce 1"))).Code);
        Assert.Equal("input-used", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(other, "trf_2", "nonce 0"))).Code);
        Assert.Equal("contradiction", (await Assert.ThrowsAsync<SigningRefusedException>(() => AgreeAsync(other, "trf_1", "nonce 0", amount: 2))).Code);
        // What was refused left nothing behind.
        await AgreeAsync(one, "trf_2", "nonce 1");
    }

    [SkippableTheory, OnBothStores]
    public async Task Together_they_stay_within_the_limit_of_a_day(StoreKind kind)
    {
        var connection = kind == StoreKind.PostgreSql ? await postgreSql.CreateAsync() : "";
        Database Open() => kind == StoreKind.PostgreSql ? new PostgreSqlDatabase(connection) : new SqliteDatabase(_scratch.At("signer.db"));
        await using var one = new SignerJournal(Open());
        await using var other = new SignerJournal(Open());
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(async number =>
        {
            try
            {
                await AgreeAsync(number % 2 == 0 ? one : other, $"trf_{number}", $"nonce {number}", check: spent => Refuse(spent >= 5));
                return true;
            }
            catch (SigningRefusedException)
            {
                return false;
            }
        }));
        Assert.Equal(5, outcomes.Count(agreed => agreed));
    }

    [SkippableFact]
    public async Task A_journal_that_is_away_signs_nothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "the port has to be refused at once");
        await using var journal = new SignerJournal(new PostgreSqlDatabase("Host=127.0.0.1;Port=1;Username=signer;Database=signer;Timeout=5"));
        await Assert.ThrowsAsync<SignerUnavailableException>(() => AgreeAsync(journal, "trf_1", "nonce 0"));
    }

    private static void Refuse(bool isRefused)
    {
        if (isRefused)
            throw new SigningRefusedException("above-daily-limit", "enough");
    }

    private static Task AgreeAsync(SignerJournal journal, string transfer, string input, int amount = 1, Action<BigInteger>? check = null) =>
        journal.AgreeAsync("hot", transfer, Asset.Ethereum, "0x1", amount, [input], Now, TimeSpan.FromHours(24), check ?? (_ => { }));
}
