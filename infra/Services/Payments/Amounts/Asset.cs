namespace HaCluster.Payments.Amounts;

/// <summary>What is moved: <c>bitcoin</c>, <c>ethereum</c>, or a token of Ethereum, <c>ethereum/0x...</c> with the address of its contract in lower case.</summary>
/// <param name="Token">Address of the contract; null: the chain's own coin.</param>
internal readonly record struct Asset(string Chain, string? Token = null)
{
    public const string Bitcoin = "bitcoin";
    public const string Ethereum = "ethereum";

    /// <summary>Fees are paid in the chain's own coin.</summary>
    public Asset Fee => new(Chain);

    public static bool TryParse(string? text, out Asset asset)
    {
        asset = new Asset(text ?? "");
        if (text is Bitcoin or Ethereum)
            return true;
        if (text is null || !text.StartsWith($"{Ethereum}/", StringComparison.Ordinal) || !EthereumAddress.TryParse(text[(Ethereum.Length + 1)..], out var token))
            return false;
        asset = new Asset(Ethereum, token.ToLowerInvariant());
        return true;
    }

    public override string ToString() => Token is null ? Chain : $"{Chain}/{Token}";
}
