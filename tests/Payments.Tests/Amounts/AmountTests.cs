using System.Numerics;
using FsCheck.Xunit;
using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Tests.Amounts;

public sealed class AmountTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("21000000000000000000000")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void Whole_numbers_up_to_the_largest_of_Ethereum_are_amounts(string text)
    {
        Assert.True(Amount.TryParse(text, out var amount));
        Assert.Equal(text, Amount.Write(amount));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("1e18")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("0x10")]
    [InlineData("١")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    [InlineData("1000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void Nothing_else_is(string? text) => Assert.False(Amount.TryParse(text, out _));

    [Property]
    public bool What_is_written_is_read_again(BigInteger number) => Amount.Read(Amount.Write(number)) == number;

    [Theory]
    [InlineData("bitcoin", true)]
    [InlineData("ethereum", true)]
    [InlineData("ethereum/0xdac17f958d2ee523a2206206994597c13d831ec7", true)]
    [InlineData("ethereum/", false)]
    [InlineData("ethereum/0x", false)]
    [InlineData("bitcoin/0xdac17f958d2ee523a2206206994597c13d831ec7", false)]
    [InlineData("Bitcoin", false)]
    [InlineData(null, false)]
    public void Assets_are_named(string? text, bool isAsset)
    {
        Assert.Equal(isAsset, Asset.TryParse(text, out var asset));
        if (isAsset)
            Assert.Equal(text, asset.ToString());
    }
}
