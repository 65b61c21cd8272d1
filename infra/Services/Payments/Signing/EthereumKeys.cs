using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Nethereum.Model;
using Nethereum.Signer;

namespace HaCluster.Payments.Signing;

/// <summary>A key of secp256k1 that signs hashes.</summary>
internal interface IEthereumKey : IDisposable
{
    string Address { get; }

    Task<Signature> SignAsync(byte[] hash, CancellationToken cancellationToken);
}

/// <summary>A key from a <see cref="KeyFile"/>, in the memory of the signer's process.</summary>
internal sealed class FileEthereumKey(byte[] secret) : IEthereumKey
{
    private readonly EthECKey _key = new(secret, isPrivate: true);

    public string Address => _key.GetPublicAddress();

    public Task<Signature> SignAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var signature = _key.SignAndCalculateYParityV(hash);
        return Task.FromResult(new Signature(signature.R, signature.S, signature.V));
    }

    public void Dispose()
    {
    }
}

/// <summary>A key of AWS KMS (<c>ECC_SECG_P256K1</c>), which never leaves it.</summary>
internal sealed class KmsEthereumKey : IEthereumKey
{
    private static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private const string EllipticCurveKey = "1.2.840.10045.2.1";
    private const string Secp256k1 = "1.3.132.0.10";

    private readonly IAmazonKeyManagementService _kms;
    private readonly string _key;

    private KmsEthereumKey(IAmazonKeyManagementService kms, string key, string address) => (_kms, _key, Address) = (kms, key, address);

    public string Address { get; }

    /// <param name="key">Id, ARN or alias.</param>
    /// <exception cref="SignerUnavailableException">There is no such key, or it does not sign.</exception>
    public static async Task<KmsEthereumKey> OpenAsync(IAmazonKeyManagementService kms, string key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await kms.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = key }, cancellationToken);
            if (PointOf(answer.PublicKey.ToArray()) is not { } point || answer.KeyUsage != KeyUsageType.SIGN_VERIFY)
                throw new SignerUnavailableException($"the KMS key {key} is not one of Ethereum's curve that signs; create one with --key-spec ECC_SECG_P256K1 --key-usage SIGN_VERIFY");
            return new KmsEthereumKey(kms, key, new EthECKey(point, isPrivate: false).GetPublicAddress());
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or AsnContentException)
        {
            throw new SignerUnavailableException($"the KMS key {key} cannot be used: {exception.Message}", exception);
        }
    }

    public async Task<Signature> SignAsync(byte[] hash, CancellationToken cancellationToken)
    {
        byte[] der;
        try
        {
            using var digest = new MemoryStream(hash);
            var answer = await _kms.SignAsync(
                new SignRequest { KeyId = _key, Message = digest, MessageType = MessageType.DIGEST, SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256 }, cancellationToken);
            der = answer.Signature.ToArray();
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new SignerUnavailableException($"the KMS key {_key} did not sign: {exception.Message}", exception);
        }

        return Recoverable(der, hash, Address);
    }

    public void Dispose() => _kms.Dispose();

    /// <summary>
    /// KMS knows nothing of Ethereum: its s may be the high one, which nodes refuse (https://eips.ethereum.org/EIPS/eip-2), and which of two public keys signed is for the one who reads it to try.
    /// </summary>
    internal static Signature Recoverable(byte[] der, byte[] hash, string address)
    {
        var sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var (r, s) = (sequence.ReadInteger(), sequence.ReadInteger());
        if (s > Order / 2)
            s = Order - s;
        var (rBytes, sBytes) = (Bytes(r), Bytes(s));
        for (byte parity = 0; parity < 2; parity++)
        {
            var signer = EthECKey.RecoverFromSignature(EthECDSASignatureFactory.FromComponents(rBytes, sBytes), parity, hash);
            if (signer?.GetPublicAddress() == address)
                return new Signature(rBytes, sBytes, [parity]);
        }

        throw new SignerUnavailableException("KMS gave a signature that is not of its key");
    }

    /// <summary>The point of a SubjectPublicKeyInfo (https://www.rfc-editor.org/rfc/rfc5480).</summary>
    /// <returns>Null: it is of another curve, or of another kind.</returns>
    private static byte[]? PointOf(byte[] info)
    {
        var sequence = new AsnReader(info, AsnEncodingRules.DER).ReadSequence();
        var algorithm = sequence.ReadSequence();
        return algorithm.ReadObjectIdentifier() == EllipticCurveKey && algorithm.ReadObjectIdentifier() == Secp256k1 ? sequence.ReadBitString(out _) : null;
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return bytes.Length > 32 ? throw new CryptographicException("a number of the signature is too large") : [.. new byte[32 - bytes.Length], .. bytes];
    }
}
