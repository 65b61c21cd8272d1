using System.Numerics;
using HaCluster.Sentinel.Tests.Peers;

namespace HaCluster.Payments.Tests.Sending;

/// <summary>
/// The smallest token of ERC-20: transfer, balanceOf and the event Transfer, assembled by hand because no compiler is at hand. The balance of an address is in the storage at the number that the address is;
/// a transfer of more than there is reverts.
/// </summary>
internal static class TestToken
{
    public const string Address = "0x00000000000000000000000000000000000700c0";

    public const string Asset = $"ethereum/{Address}";

    // selector: 60003560e01c; transfer? 8063a9059cbb14601d57; balanceOf? 6370a0823114607157; else revert: 600080fd
    // transfer: amount and balance 5b6024353354; too little? 818110606c57; sender's balance 8190033355; receiver's 600435805482018155;
    //           event 90600052337f(topic)60206000a3; true 600160005260206000f3; revert 5b600080fd
    // balanceOf: 5b6004355460005260206000f3
    private const string Code = "0x60003560e01c8063a9059cbb14601d576370a0823114607157600080fd5b6024353354818110606c57819003335560043580548201815590600052337fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60206000a3600160005260206000f35b600080fd5b6004355460005260206000f3";

    /// <summary>Puts it on a chain, with a balance for an address.</summary>
    public static async Task DeployAsync(ChainProcess chain, string holder, BigInteger balance)
    {
        await chain.CallAsync("anvil_setCode", Address, Code);
        await SetBalanceAsync(chain, holder, balance);
        await chain.MineAsync();
    }

    public static Task SetBalanceAsync(ChainProcess chain, string holder, BigInteger balance) => chain.CallAsync("anvil_setStorageAt", Address, $"0x{Slot(holder)}", $"0x{balance:x64}");

    public static async Task<BigInteger> BalanceAsync(ChainProcess chain, string holder)
    {
        var text = (await chain.CallAsync("eth_call", new { to = Address, data = $"0x70a08231{Slot(holder)}" }, "latest")).GetString()!;
        return BigInteger.Parse("0" + text[2..], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Slot(string holder) => holder[2..].ToLowerInvariant().PadLeft(64, '0');
}
