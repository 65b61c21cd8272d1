using System.Collections.Immutable;
using System.Numerics;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Scanning;

/// <summary>What is watched besides the coins of the chains, when a deposit or a transfer is final, and which are too small to count.</summary>
internal sealed record DepositRules
{
    /// <summary>Six blocks are what wallets of Bitcoin wait for; <c>finalized</c> is what the validators of Ethereum vouch for with their stakes.</summary>
    private static readonly FinalityRule OfBitcoin = FinalityRule.Of(6);

    private static readonly FinalityRule OfEthereum = FinalityRule.Of(FinalityRule.Finalized);

    /// <summary>Contracts of ERC-20.</summary>
    public ImmutableArray<Asset> Tokens { get; init; } = [];

    /// <summary>The same, as assets are named in the store.</summary>
    public string[] TokenNames() => [.. Tokens.Select(token => token.ToString())];

    /// <summary>By asset; what is missing has the usual one of its chain.</summary>
    public ImmutableDictionary<string, FinalityRule> Finality { get; init; } = ImmutableDictionary<string, FinalityRule>.Empty;

    /// <summary>By asset: smaller deposits are ignored.</summary>
    public ImmutableDictionary<string, BigInteger> Smallest { get; init; } = ImmutableDictionary<string, BigInteger>.Empty;

    /// <inheritdoc cref="Deposit.Needed"/>
    public long Needed(string asset, BigInteger amount) => (Finality.GetValueOrDefault(asset) ?? (asset == Asset.Bitcoin ? OfBitcoin : OfEthereum)).Needed(amount);

    public bool IsDust(string asset, BigInteger amount) => Smallest.TryGetValue(asset, out var smallest) && amount < smallest;
}
