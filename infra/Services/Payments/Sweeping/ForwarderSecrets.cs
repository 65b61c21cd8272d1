using HaCluster.Payments.Sealing;
using HaCluster.Payments.Wallets;
using HaCluster.Services;

namespace HaCluster.Payments.Sweeping;

/// <summary>Secrets that salts of forwarders are made from: sealed in the store, open only where an address is given out.</summary>
/// <param name="keys">Those that hold now; null: none are set.</param>
internal sealed class ForwarderSecrets(Reloaded<SealKeys>? keys)
{
    /// <summary>What begins with this is sealed with the newest key; null: there is none.</summary>
    public string? Prefix => keys?.Current.Prefix;

    /// <exception cref="SealException">There are no keys.</exception>
    public string Seal(string wallet, string secret) =>
        (keys?.Current ?? throw new SealException("secrets of forwarders are not stored in clear: give --seal-key FILE, the same to each replica")).Seal(SubjectOf(wallet), secret);

    /// <exception cref="SealException">It does not open.</exception>
    public string Open(string wallet, string stored) =>
        (keys?.Current ?? throw new SealException($"the secret of {SubjectOf(wallet)} is sealed, and --seal-key is missing")).Open(SubjectOf(wallet), stored);

    /// <summary>Of the next receiving address of a wallet.</summary>
    /// <returns>Null: the address has none, or its position is its salt.</returns>
    /// <exception cref="SealException">The secret does not open.</exception>
    public string? NextSalt(Wallet wallet) => wallet is { HasForwarders: true, SaltSecret: { } stored } ? ForwarderSalt.Of(Open(wallet.Id, stored), wallet.NextIndex) : null;

    private static string SubjectOf(string wallet) => $"forwarders of {wallet}";
}
