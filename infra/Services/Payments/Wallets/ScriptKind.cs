using NBitcoin;

namespace HaCluster.Payments.Wallets;

/// <summary>How the addresses of a wallet of Bitcoin are locked, by the standard that says how their keys are derived.</summary>
internal static class ScriptKind
{
    public const string Bip44 = "p2pkh";
    public const string Bip49 = "p2sh-p2wpkh";
    public const string Bip84 = "p2wpkh";
    public const string Bip86 = "p2tr";

    /// <summary>Of a wallet of Ethereum, which has no scripts.</summary>
    public const string None = "none";

    public const string Rule = $"{Bip44} (BIP-44), {Bip49} (BIP-49), {Bip84} (BIP-84) or {Bip86} (BIP-86)";

    public static ScriptPubKeyType? Find(string? kind) => kind switch
    {
        Bip44 => ScriptPubKeyType.Legacy,
        Bip49 => ScriptPubKeyType.SegwitP2SH,
        Bip84 => ScriptPubKeyType.Segwit,
        Bip86 => ScriptPubKeyType.TaprootBIP86,
        _ => null,
    };
}
