using System.Diagnostics.CodeAnalysis;
using HaCluster.Payments.Amounts;
using NBitcoin;

namespace HaCluster.Payments.Wallets;

/// <summary>Which chains this service is on.</summary>
internal sealed record Networks(Network Bitcoin, long EthereumChainId)
{
    /// <summary>Networks on which coins are worth nothing: the embedded default.</summary>
    public static Networks Development { get; } = new(Network.RegTest, 31337);

    public bool IsMain => Bitcoin == Network.Main;

    /// <summary>An address in its one form.</summary>
    /// <param name="problem">What is wrong with it, in words.</param>
    public bool TryParseAddress(string chain, string? text, [NotNullWhen(true)] out string? address, [NotNullWhen(false)] out string? problem)
    {
        (address, problem) = (null, null);
        if (chain == Asset.Ethereum)
        {
            if (!EthereumAddress.TryParse(text, out address))
                problem = $"it is not an Ethereum address: write {EthereumAddress.Rule}";
            else if (address == "0x0000000000000000000000000000000000000000")
                (address, problem) = (null, "nobody has the key of the zero address: what is sent there is lost");
            return problem is null;
        }

        try
        {
            address = BitcoinAddress.Create(text ?? "", Bitcoin).ToString();
            return true;
        }
        catch (FormatException)
        {
            problem = $"it is not an address of Bitcoin on {Bitcoin.Name.ToLowerInvariant()}";
            return false;
        }
    }
}
