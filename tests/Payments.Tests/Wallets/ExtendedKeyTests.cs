using HaCluster.Payments.Amounts;
using HaCluster.Payments.Wallets;
using NBitcoin;

namespace HaCluster.Payments.Tests.Wallets;

/// <summary>The vectors of the standards, and what must be refused.</summary>
public sealed class ExtendedKeyTests
{
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    private static readonly Networks Main = new(Network.Main, 1);

    [Theory]
    // https://github.com/bitcoin/bips/blob/master/bip-0084.mediawiki
    [InlineData("zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs", ScriptKind.Bip84, 0, 0, "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu")]
    [InlineData("zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs", ScriptKind.Bip84, 0, 1, "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g")]
    [InlineData("zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs", ScriptKind.Bip84, 1, 0, "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el")]
    // https://github.com/bitcoin/bips/blob/master/bip-0086.mediawiki
    [InlineData("xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ", ScriptKind.Bip86, 0, 0, "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr")]
    [InlineData("xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ", ScriptKind.Bip86, 0, 1, "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh")]
    public void Addresses_of_Bitcoin_are_those_of_the_standards(string key, string script, uint branch, uint position, string address)
    {
        var parsed = ExtendedKey.Parse(key, isMain: true);
        parsed.RequireBitcoinAccount();
        Assert.True(parsed.Script is null || parsed.Script == script);
        Assert.Equal(address, parsed.BitcoinAddress(ScriptKind.Find(script)!.Value, branch, position, Network.Main));
    }

    [Theory]
    [InlineData("44'/0'/0'", ScriptKind.Bip44, "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA")]
    [InlineData("49'/0'/0'", ScriptKind.Bip49, "37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf")]
    public void Older_addresses_of_the_mnemonic_that_all_wallets_test_with(string path, string script, string address)
    {
        var key = new Mnemonic(Words).DeriveExtKey().Derive(new KeyPath(path)).Neuter().ToString(Network.Main);
        Assert.Equal(address, ExtendedKey.Parse(key, isMain: true).BitcoinAddress(ScriptKind.Find(script)!.Value, 0, 0, Network.Main));
    }

    [Theory]
    [InlineData("44'/60'/0'")]
    [InlineData("44'/60'/0'/0")]
    public void Addresses_of_Ethereum_come_from_the_account_or_its_receiving_branch(string path)
    {
        var key = ExtendedKey.Parse(new Mnemonic(Words).DeriveExtKey().Derive(new KeyPath(path)).Neuter().ToString(Network.Main), isMain: true);
        key.RequireEthereumAccount();
        Assert.Equal("0x9858EfFD232B4033E47d90003D41EC34EcaEda94", key.EthereumAddress(0));
    }

    [Fact]
    public void A_key_that_spends_is_refused_without_being_repeated()
    {
        var master = new Mnemonic(Words).DeriveExtKey().ToString(Network.Main);
        foreach (var secret in new[] { master, Words, "zprvAdG4iTXWBoARxkkzNpNh8r6Qag3irQB8PzEMkAFeTRXxHpbF9z4QgEvBRmfvqWvGp42t42nvgGpNgYSJA9iefm1yYNZKEm7z6qUWCroSQnE" })
        {
            var refused = Assert.Throws<FormatException>(() => ExtendedKey.Parse(secret, isMain: true));
            Assert.Contains("private key or a seed", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(secret[..12], refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYt", true, "Base58Check")]
    [InlineData("zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs", false, "a key of the main network")]
    [InlineData("1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA", true, "an extended key has 78")]
    [InlineData("", true, "Base58Check")]
    public void What_is_not_such_a_key_is_refused_with_the_reason(string key, bool isMain, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => ExtendedKey.Parse(key, isMain)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_master_key_is_not_taken_for_an_account()
    {
        var master = ExtendedKey.Parse(new Mnemonic(Words).DeriveExtKey().Neuter().ToString(Network.Main), isMain: true);
        Assert.Contains("depth 0", Assert.Throws<FormatException>(master.RequireBitcoinAccount).Message, StringComparison.Ordinal);
        Assert.Contains("depth 0", Assert.Throws<FormatException>(master.RequireEthereumAccount).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Asset.Ethereum, "0x9858effd232b4033e47d90003d41ec34ecaeda94", "0x9858EfFD232B4033E47d90003D41EC34EcaEda94")]
    [InlineData(Asset.Ethereum, "0x9858EfFD232B4033E47d90003D41EC34EcaEda94", "0x9858EfFD232B4033E47d90003D41EC34EcaEda94")]
    [InlineData(Asset.Ethereum, "0x9858EfFD232B4033E47d90003D41EC34EcaEda9a", null)]
    [InlineData(Asset.Ethereum, "0x9858eFFD232B4033E47d90003D41EC34EcaEda94", null)]
    [InlineData(Asset.Ethereum, "0x0000000000000000000000000000000000000000", null)]
    [InlineData(Asset.Ethereum, "9858EfFD232B4033E47d90003D41EC34EcaEda94", null)]
    [InlineData(Asset.Ethereum, "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", null)]
    [InlineData(Asset.Bitcoin, "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu")]
    [InlineData(Asset.Bitcoin, "BC1QCR8TE4KR609GCAWUTMRZA0J4XV80JY8Z306FYU", "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu")]
    [InlineData(Asset.Bitcoin, "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyv", null)]
    [InlineData(Asset.Bitcoin, "bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx", null)]
    [InlineData(Asset.Bitcoin, "", null)]
    [InlineData(Asset.Bitcoin, null, null)]
    public void An_address_has_one_form_and_a_typing_error_none(string chain, string? text, string? address)
    {
        Assert.Equal(address is not null, Main.TryParseAddress(chain, text, out var parsed, out var problem));
        Assert.Equal((address, address is null), (parsed, problem is not null));
    }

    [Fact]
    public void A_public_key_that_has_the_letters_of_a_private_one_in_it_is_taken()
    {
        // The first child that has them.
        var text = NBitcoin.ExtKey.CreateFromSeed(new byte[32]).Neuter().Derive(2883).ToString(NBitcoin.Network.RegTest);
        Assert.Contains("prv", text, StringComparison.Ordinal);
        Assert.Equal(text, ExtendedKey.Parse(text, isMain: false).ToText(NBitcoin.Network.RegTest));
    }

    [Fact]
    public void Each_wallet_has_the_addresses_of_its_own_key_however_often_and_in_which_order_they_are_asked_for()
    {
        var account = new Mnemonic(Words).DeriveExtKey().Derive(new KeyPath("84'/1'"));
        var keys = Enumerable.Range(0, 2).Select(number => account.Derive(number, hardened: true).Neuter()).ToList();
        foreach (var (number, branch) in new[] { (0, WalletAddress.Receiving), (1, WalletAddress.Change), (0, WalletAddress.Change), (1, WalletAddress.Receiving), (0, WalletAddress.Receiving) })
        {
            var wallet = new Wallet { Id = $"wal_{number}", Chain = Asset.Bitcoin, Name = $"{number}", Script = ScriptKind.Bip84, ExtendedKey = keys[number].ToString(Network.RegTest) };
            var address = keys[number].Derive((uint)branch).Derive(5).PubKey.GetAddress(ScriptPubKeyType.Segwit, Network.RegTest).ToString();
            Assert.Equal(address, wallet.AddressAt(Networks.Development, branch, 5));
        }
    }
}
