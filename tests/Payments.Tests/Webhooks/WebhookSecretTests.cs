using System.Text;
using HaCluster.Payments.Metrics;
using HaCluster.Payments.Outbox;
using HaCluster.Payments.Sealing;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Store;
using HaCluster.Payments.Webhooks;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>Secrets of webhooks are nowhere but in the memory of a service that has the key.</summary>
[Collection(StoreCollection.Name)]
public sealed class WebhookSecretTests(PostgreSql postgreSql) : IDisposable
{
    private const string OldKey = "old-4c1f0d6a2b8e4f7fa3c59d1e6b7080912233445566";
    private const string NewKey = "new-9a8b7c6d5e4f30213243546576879809a1b2c3d4e5";

    private readonly Scratch _scratch = new();
    private readonly ManualClock _clock = new(TestTransfers.Now);
    private readonly StringWriter _log = new();

    public void Dispose()
    {
        _scratch.Dispose();
        _log.Dispose();
    }

    [SkippableTheory, OnBothStores]
    public async Task A_secret_that_an_older_version_stored_in_clear_is_sealed_and_signs_as_before(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var (secret, previous) = (WebhookSignature.NewSecret(), WebhookSignature.NewSecret());
        await AddAsync(database, "whk_1", receiver.Url, secret, previous);
        await AddAsync(database, "whk_2", receiver.Url, secret, null, Webhook.Disabled);
        await AppendEventAsync(database);
        // Without keys it goes on as it is.
        await RoundAsync(database, null);
        Assert.Equal($"{receiver.All[0].SignatureWith(secret)} {receiver.All[0].SignatureWith(previous)}", receiver.All[0].Signature);
        Assert.Contains(secret, await StoredAsync(database), StringComparison.Ordinal);

        await RoundAsync(database, Keys(OldKey));
        await AppendEventAsync(database);
        await RoundAsync(database, Keys(OldKey));
        Assert.Equal($"{receiver.All[1].SignatureWith(secret)} {receiver.All[1].SignatureWith(previous)}", receiver.All[1].Signature);
        Assert.All(await SecretsAsync(database), stored => Assert.StartsWith(SealKeys.Parse(OldKey).Prefix, stored, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, await StoredAsync(database), StringComparison.Ordinal);
        Assert.DoesNotContain(previous, await StoredAsync(database), StringComparison.Ordinal);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_new_key_takes_the_place_of_the_old_one_while_deliveries_go_on(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var secret = WebhookSignature.NewSecret();
        await AddAsync(database, "whk_1", receiver.Url, Keys(OldKey).Current.Seal("webhook whk_1", secret));
        await AppendEventAsync(database);
        await RoundAsync(database, Keys($"{NewKey}\n{OldKey}\n"));
        Assert.Equal(receiver.All[0].SignatureWith(secret), receiver.All[0].Signature);
        // The old key is not needed any more.
        await AppendEventAsync(database);
        await RoundAsync(database, Keys(NewKey));
        Assert.Equal(receiver.All[1].SignatureWith(secret), receiver.All[1].Signature);
        // Whoever has the old one alone opens nothing, sends nothing, and says so.
        await AppendEventAsync(database);
        await Assert.ThrowsAsync<SealException>(() => RoundAsync(database, Keys(OldKey)));
        await Assert.ThrowsAsync<SealException>(() => RoundAsync(database, null));
        Assert.Equal(2, receiver.All.Count);
        Assert.Contains("was sealed with a key that --seal-key does not have", _log.ToString(), StringComparison.Ordinal);
    }

    [SkippableTheory, OnBothStores]
    public async Task A_new_secret_is_enough_after_a_key_was_lost(StoreKind kind)
    {
        await using var database = await Stores.OpenAsync(kind, _scratch, postgreSql);
        await using var receiver = await Receiver.StartAsync();
        var secret = WebhookSignature.NewSecret();
        await AddAsync(database, "whk_1", receiver.Url, Keys(NewKey).Current.Seal("webhook whk_1", secret), previous: Keys(OldKey).Current.Seal("webhook whk_1", WebhookSignature.NewSecret()));
        await AppendEventAsync(database);
        await RoundAsync(database, Keys(NewKey));
        Assert.Equal(receiver.All[0].SignatureWith(secret), receiver.All[0].Signature);
        // The next key takes over the good one, and drops the other once it is over.
        _clock.Advance(TimeSpan.FromDays(2));
        var third = new string('t', 48);
        await AppendEventAsync(database);
        await RoundAsync(database, Keys($"{third}\n{NewKey}"));
        Assert.Equal(receiver.All[1].SignatureWith(secret), receiver.All[1].Signature);
        Assert.StartsWith(SealKeys.Parse(third).Prefix, Assert.Single(await SecretsAsync(database)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_sealed_opens_for_nothing_else_and_not_after_a_change()
    {
        var keys = SealKeys.Parse(NewKey);
        var stored = keys.Seal("webhook whk_1", "whsec_x");
        Assert.Equal("whsec_x", keys.Open("webhook whk_1", stored));
        Assert.NotEqual(stored, keys.Seal("webhook whk_1", "whsec_x"));
        Assert.Throws<SealException>(() => keys.Open("webhook whk_2", stored));
        foreach (var place in Enumerable.Range(keys.Prefix.Length, stored.Length - keys.Prefix.Length - 1))
        {
            var changed = new StringBuilder(stored) { [place] = stored[place] == 'A' ? 'B' : 'A' };
            Assert.Throws<SealException>(() => keys.Open("webhook whk_1", changed.ToString()));
        }

        foreach (var nothing in new[] { keys.Prefix, $"{keys.Prefix}AAAA", "sealed", "sealed.x", "" })
            Assert.Throws<SealException>(() => keys.Open("webhook whk_1", nothing));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("short")]
    [InlineData("a key with blanks in it that is quite long, though")]
    [InlineData($"{NewKey}\nshort")]
    public void A_key_that_could_be_guessed_is_refused(string text)
    {
        var refused = Assert.Throws<FormatException>(() => SealKeys.Parse(text));
        Assert.Contains("write a random key of 40 or more", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_one_computer_is_made_once_for_its_owner_alone()
    {
        var file = _scratch.At("data/seal.key");
        var first = SealKeys.ReadOrMake(file);
        Assert.Equal(first.Prefix, SealKeys.ReadOrMake(file).Prefix);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        // A secret of Kubernetes is a link to a file that the group can read.
        var link = _scratch.At("link");
        File.CreateSymbolicLink(link, file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Equal(first.Prefix, SealKeys.Read(link).Prefix);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("can be read by everybody", Assert.Throws<FormatException>(() => SealKeys.Read(link)).Message, StringComparison.Ordinal);
    }

    private static Reloaded<SealKeys> Keys(string text) => Reloaded<SealKeys>.Fixed(SealKeys.Parse(text));

    private Task AddAsync(Database database, string id, string url, string secret, string? previous = null, string state = Webhook.Active) => database.ChangeAsync(async session =>
    {
        var webhook = new Webhook
        {
            Id = id,
            Url = url,
            Types = """["t.*"]""",
            Secret = secret,
            PreviousSecret = previous,
            PreviousUntil = previous is null ? null : _clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds(),
            State = state,
            CreatedBy = "test",
            Generation = 1,
        };
        await session.AddWebhookAsync(webhook, _clock.GetUtcNow());
        await session.ChangeWebhookAsync(webhook, "changed", "test", _clock.GetUtcNow());
    });

    private Task AppendEventAsync(Database database) => database.ChangeAsync(session => session.AppendEventAsync("t.one", "a", new Dictionary<string, string?>(), _clock.GetUtcNow()));

    private static Task<IReadOnlyList<string>> SecretsAsync(Database database) => database.ReadAsync(session => session.ListAsync<string>(
        "select secret from webhooks where secret is not null union all select previous_secret from webhooks where previous_secret is not null"));

    /// <summary>All that a reader of the table sees.</summary>
    private static async Task<string> StoredAsync(Database database) => string.Join('\n', await SecretsAsync(database));

    private async Task RoundAsync(Database database, Reloaded<SealKeys>? keys)
    {
        using var client = new WebhookClient(new WebhookTargets(isDevelopment: true, []));
        var metrics = new PaymentsMetrics(new EventLog(TextWriter.Synchronized(_log), _clock, "subject"), "1");
        foreach (var part in await new WebhookWorker(database, client, new WebhookSecrets(keys), metrics, _clock).PartsAsync(default))
            await part.WorkAsync(default);
    }
}
