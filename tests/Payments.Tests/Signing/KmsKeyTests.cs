using System.Formats.Asn1;
using System.Numerics;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Tests.Peers;
using Nethereum.Signer;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>Keys of KMS, on moto.</summary>
public sealed class KmsKeyTests(Moto moto) : IClassFixture<Moto>
{
    private static readonly byte[] Hash = Convert.FromHexString("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");

    [SkippableFact]
    public async Task Its_signatures_become_those_that_nodes_take()
    {
        using var kms = moto.Kms();
        var created = await kms.CreateKeyAsync(new CreateKeyRequest { KeySpec = KeySpec.ECC_SECG_P256K1, KeyUsage = KeyUsageType.SIGN_VERIFY });
        using var key = await KmsEthereumKey.OpenAsync(moto.Kms(), created.KeyMetadata.KeyId, default);
        // Half of them come with the high s, half with either parity.
        for (var number = 0; number < 16; number++)
        {
            var hash = Hash.ToArray();
            hash[0] = (byte)number;
            using var digest = new MemoryStream(hash);
            var answer = await kms.SignAsync(new SignRequest
            {
                KeyId = created.KeyMetadata.KeyId,
                Message = digest,
                MessageType = MessageType.DIGEST,
                SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
            });
            // moto takes no notice of DIGEST and hashes what is a hash already; KMS signs it as it is.
            var signed = System.Security.Cryptography.SHA256.HashData(hash);
            var signature = EthECDSASignatureFactory.ToEthECDSASignature(KmsEthereumKey.Recoverable(answer.Signature.ToArray(), signed, key.Address));
            Assert.True(signature.IsLowS);
            Assert.Equal(key.Address, EthECKey.RecoverFromParityYSignature(signature, signed).GetPublicAddress());
        }
    }

    [SkippableFact]
    public async Task A_key_for_something_else_is_refused()
    {
        using var kms = moto.Kms();
        var created = await kms.CreateKeyAsync(new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY });
        var refused = await Assert.ThrowsAsync<SignerUnavailableException>(() => KmsEthereumKey.OpenAsync(moto.Kms(), created.KeyMetadata.KeyId, default));
        Assert.Contains("ECC_SECG_P256K1", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SignerUnavailableException>(() => KmsEthereumKey.OpenAsync(moto.Kms(), "there-is-none", default));
    }

    [Fact]
    public void The_high_s_is_turned_and_the_right_key_found()
    {
        var order = BigInteger.Parse("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var key = EthECKey.GenerateKey();
        var signature = key.SignAndCalculateYParityV(Hash);
        var (r, s) = (new BigInteger(signature.R, isUnsigned: true, isBigEndian: true), new BigInteger(signature.S, isUnsigned: true, isBigEndian: true));
        foreach (var given in new[] { s, order - s })
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteInteger(r);
                writer.WriteInteger(given);
            }

            var recovered = EthECDSASignatureFactory.ToEthECDSASignature(KmsEthereumKey.Recoverable(writer.Encode(), Hash, key.GetPublicAddress()));
            Assert.True(recovered.IsLowS);
            Assert.Equal(key.GetPublicAddress(), EthECKey.RecoverFromParityYSignature(recovered, Hash).GetPublicAddress());
            Assert.Throws<SignerUnavailableException>(() => KmsEthereumKey.Recoverable(writer.Encode(), Hash, EthECKey.GenerateKey().GetPublicAddress()));
        }
    }
}
