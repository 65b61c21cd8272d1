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

    /// <summary>With which a delivery is signed now.</summary>
    /// <exception cref="SealException">One of them does not open.</exception>
    public IReadOnlyList<string> OpenAt(Webhook webhook, DateTimeOffset now) => [.. webhook.SecretsAt(now).Select(stored => Open(webhook.Id, stored))];

    /// <summary>Seals with the newest key what is in clear, or was sealed with an older one.</summary>
    /// <exception cref="SealException">One of them does not open.</exception>
    public async Task SealAgainAsync(Session session, string webhook)
    {
        if (await session.WebhookAsync(webhook, forUpdate: true) is not { } found)
            return;
        await session.ReplaceSecretsAsync(found with { Secret = Again(found.Secret), PreviousSecret = Again(found.PreviousSecret) });

        string? Again(string? stored) => stored is null ? null : Seal(webhook, Open(webhook, stored));
    }

    private string Open(string webhook, string stored) => SealKeys.IsClear(stored) ? stored
        : (keys?.Current ?? throw new SealException($"the secret of {webhook} is sealed, and --seal-key is missing")).Open(SubjectOf(webhook), stored);

    private static string SubjectOf(string webhook) => $"webhook {webhook}";
}
