using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Payments.Wallets;
using Nethereum.Util;

namespace HaCluster.Payments.Tests.Wallets;

public class EthereumAddressTests
{
    [Property]
    public void The_hash_is_that_of_another_library(byte[] message) => Assert.Equal(Sha3Keccack.Current.CalculateHash(message), Keccak.Hash256(message));

    [Theory]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(272)]
    public void So_it_is_at_the_ends_of_blocks(int length) => The_hash_is_that_of_another_library([.. Enumerable.Range(0, length).Select(index => (byte)index)]);

    [Property]
    public Property The_checksum_is_that_of_another_library() => Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(20).ToArbitrary(), bytes =>
    {
        var text = "0x" + Convert.ToHexStringLower(bytes);
        Assert.True(EthereumAddress.TryParse(text, out var address));
        Assert.Equal(AddressUtil.Current.ConvertToChecksumAddress(text), address);
        Assert.True(EthereumAddress.TryParse(address, out var again));
        Assert.Equal(address, again);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD0")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed")]
    [InlineData("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED")]
    [InlineData("0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae\u0435")]
    public void Everything_else_is_refused(string? text) => Assert.False(EthereumAddress.TryParse(text, out _));
}
