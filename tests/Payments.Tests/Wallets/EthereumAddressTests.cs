using HaCluster.Payments.Amounts;

namespace HaCluster.Payments.Tests.Wallets;

public class EthereumAddressTests
{
    // Those of EIP-55.
    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    public void Addresses_are_taken_with_their_checksum_or_in_lower_case(string address)
    {
        Assert.True(EthereumAddress.TryParse(address, out var same));
        Assert.Equal(address, same);
        Assert.True(EthereumAddress.TryParse(address.ToLowerInvariant(), out var checksummed));
        Assert.Equal(address, checksummed);
    }

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
