using HaCluster.Payments.Sealing;
using HaCluster.Payments.Store;
using HaCluster.Services;

namespace HaCluster.Payments.Webhooks;

/// <summary>Secrets of webhooks: sealed in the store, open only where a delivery is signed.</summary>
/// <param name="keys">Those that hold now; null: none are set, and only what an older version stored in clear can be used.</param>
internal sealed class WebhookSecrets(Reloaded<SealKeys>? keys)
{
    /// <summary>What begins with this is sealed with the newest key; null: there is none.</summary>
    public string? Prefix => keys?.Current.Prefix;

    /// <exception cref="SealException">There are no keys.</exception>
    public string Seal(string webhook, string secret) =>
        (keys?.Current ?? throw new SealException("secrets of webhooks are not stored in clear: give --seal-key FILE, the same to each replica")).Seal(SubjectOf(webhook), secret);

    /// <summary>With which a delivery is signed now. A former secret whose key is lost is left out: the present one was made because of that.</summary>
    /// <exception cref="SealException">The present one does not open.</exception>
    public IReadOnlyList<string> OpenAt(Webhook webhook, DateTimeOffset now)
    {
        var opened = new List<string>();
        foreach (var stored in webhook.SecretsAt(now))
        {
            if (stored == webhook.Secret)
                opened.Add(Open(webhook.Id, stored));
            else if (TryOpen(webhook.Id, stored) is { } former)
                opened.Add(former);
        }

        return opened;
    }

    /// <summary>Seals with the newest key what is in clear, or was sealed with an older one. A former secret that is over is dropped; one that does not open stays as it is until then.</summary>
    /// <exception cref="SealException">The present one does not open.</exception>
    public async Task SealAgainAsync(Session session, string webhook, DateTimeOffset now)
    {
        if (await session.WebhookAsync(webhook, forUpdate: true) is not { } found)
            return;
        var former = found.PreviousUntil > now.ToUnixTimeMilliseconds() ? found.PreviousSecret : null;
        await session.ReplaceSecretsAsync(found with
        {
            Secret = found.Secret is { } secret ? Seal(webhook, Open(webhook, secret)) : null,
            PreviousSecret = former is not null && TryOpen(webhook, former) is { } opened ? Seal(webhook, opened) : former,
        });
    }

    private string? TryOpen(string webhook, string stored)
    {
        try
        {
            return Open(webhook, stored);
        }
        catch (SealException)
        {
            return null;
        }
    }

    private string Open(string webhook, string stored) => SealKeys.IsClear(stored) ? stored
        : (keys?.Current ?? throw new SealException($"the secret of {webhook} is sealed, and --seal-key is missing")).Open(SubjectOf(webhook), stored);

    private static string SubjectOf(string webhook) => $"webhook {webhook}";
}
