namespace HaCluster.Payments.Wallets;

/// <summary>Which rule of a wallet: one for each asset and kind.</summary>
/// <param name="Kind"><see cref="Forward"/> or <see cref="Sweep"/>.</param>
internal sealed record RuleKey(string Wallet, string Asset, string Kind)
{
    /// <summary>Pays destinations.</summary>
    public const string Forward = "forward";

    /// <summary>Brings what forwarders have to the wallet's sender.</summary>
    public const string Sweep = "sweep";

    /// <summary>That forwards the chain's own coin.</summary>
    public static RuleKey Of(Wallet wallet) => new(wallet.Id, wallet.Chain, Forward);
}
