using System.Collections.Immutable;
using HaCluster.Payments.Amounts;
using HaCluster.Payments.Scanning;

namespace HaCluster.Stack.Settings.Payments;

/// <summary>Which deposits are watched, and when they count (<c>ha-cluster:payments.deposits</c>). The rules are those of the service, which is compiled from the same files.</summary>
public sealed record DepositSettings
{
    private const string TokensKey = "tokens";

    /// <summary>Contracts of ERC-20.</summary>
    public required ImmutableArray<string> Tokens { get; init; }

    /// <summary>By asset: blocks until a deposit or a transfer is final.</summary>
    public required ImmutableSortedDictionary<string, string> Confirmations { get; init; }

    /// <summary>By asset: smaller deposits are ignored.</summary>
    public required ImmutableSortedDictionary<string, string> IgnoreBelow { get; init; }

    public static DepositSettings Read(SettingsReader reader)
    {
        const string Placeholder = "ASSET";
        const string Confirmations = "confirmations";
        const string IgnoreBelow = "ignoreBelow";
        var settings = new DepositSettings
        {
            Tokens = reader.TextList(
                TokensKey,
                "Contracts of ERC-20 tokens to watch on Ethereum. Balances that the wallets already have of a new one are entered in the books first.",
                [], Shapes.TokenAddress),
            Confirmations = reader.TextMap(
                Confirmations,
                "Blocks until a deposit or a transfer is final, by asset: bitcoin, ethereum, ethereum/ADDRESS. Default: 6 on Bitcoin, finalized on Ethereum.",
                Placeholder,
                $"Number of blocks, or the blocks for deposits up to each amount in base units: {FinalityRule.Example} is one block up to 100000 satoshi, three up to 10000000, six above. On Ethereum also finalized.",
                Shapes.Asset, Shapes.Confirmations),
            IgnoreBelow = reader.TextMap(
                IgnoreBelow,
                "Deposits of an asset below this amount are ignored: they are shown, but kept apart in the books.",
                Placeholder, "Amount in base units (satoshi, wei), in quotes.", Shapes.Asset, Shapes.BaseUnits),
        };
        var watched = settings.CheckTokens(reader);
        CheckAssets(reader, Confirmations, settings.Confirmations, watched);
        CheckAssets(reader, IgnoreBelow, settings.IgnoreBelow, watched);
        if (settings.Confirmations.GetValueOrDefault(Asset.Bitcoin) is { Length: > 0 } rule && FaultOf(rule, hasFinalized: false) is { } fault)
            reader.Problems.Add($"{reader.PathOf(Confirmations)}.{Asset.Bitcoin}", SettingsReader.Shown(rule), fault);
        reader.Close();
        return settings;
    }

    /// <summary>Reports what does not fit the chains.</summary>
    /// <param name="path">Of these settings.</param>
    /// <param name="hasEthereum">Whether there are nodes of Ethereum.</param>
    public void Check(string path, bool hasEthereum, SettingsProblems problems)
    {
        if (!hasEthereum && !Tokens.IsEmpty)
            problems.Add($"{path}.{TokensKey}", "has tokens, but the cluster has no Ethereum nodes to watch them: enable ha-cluster:chains.ethereum, or remove the tokens");
    }

    /// <returns>Null: the service understands it.</returns>
    internal static string? FaultOf(string rule, bool hasFinalized)
    {
        try
        {
            FinalityRule.Parse(rule, hasFinalized);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private HashSet<Asset> CheckTokens(SettingsReader reader)
    {
        var watched = new HashSet<Asset>();
        foreach (var token in Tokens)
        {
            if (Asset.TryParse($"{Asset.Ethereum}/{token}", out var asset) && !watched.Add(asset))
                reader.Problems.Add(reader.PathOf(TokensKey), $"has {token} twice, in two spellings: remove one");
        }

        return watched;
    }

    private static void CheckAssets(SettingsReader reader, string name, ImmutableSortedDictionary<string, string> byAsset, HashSet<Asset> watched)
    {
        var seen = new HashSet<Asset>();
        foreach (var key in byAsset.Keys)
        {
            var path = $"{reader.PathOf(name)}.{key}";
            if (!Asset.TryParse(key, out var asset))
                reader.Problems.Add(path, $"is for no asset that the service knows: write bitcoin, ethereum, or ethereum/ADDRESS of a token, {EthereumAddress.Rule}");
            else if (asset.Token is not null && !watched.Contains(asset))
                reader.Problems.Add(path, $"is for a token that is not watched: add {key.Split('/')[1]} to {reader.PathOf(TokensKey)}");
            else if (!seen.Add(asset))
                reader.Problems.Add(path, "is for the same token as another key, in another spelling: remove one");
        }
    }
}
