using System.Security.Cryptography;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Proof;

/// <summary>A public key on the curve P-256, which verifies checkpoints.</summary>
internal sealed class PublicKey
{
    private readonly ECDsa _key;

    private PublicKey(ECDsa key) => (_key, Id) = (key, Hash.HexOf(key.ExportSubjectPublicKeyInfo()));

    /// <summary>SHA-256 of its SubjectPublicKeyInfo.</summary>
    public string Id { get; }

    public string Pem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <exception cref="FormatException">It is not such a key.</exception>
    public static PublicKey OfPem(string pem) => Import(key => key.ImportFromPem(pem));

    /// <exception cref="FormatException">It is not such a key.</exception>
    public static PublicKey Of(byte[] subjectPublicKeyInfo) => Import(key => key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _));

    /// <param name="signature">In ASN.1, as OpenSSL and KMS write it.</param>
    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    // Other curves have keys of 256 bits, too; Windows names a curve without its number.
    private static bool IsP256(ECDsa key)
    {
        var (curve, wanted) = (key.ExportParameters(includePrivateParameters: false).Curve.Oid, ECCurve.NamedCurves.nistP256.Oid);
        return curve.Value is { } value ? value == wanted.Value : curve.FriendlyName == wanted.FriendlyName;
    }

    private static PublicKey Import(Action<ECDsa> import)
    {
        var key = ECDsa.Create();
        try
        {
            import(key);
            if (IsP256(key))
                return new PublicKey(key);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new FormatException("it is not a public key in PEM format", exception);
        }

        throw new FormatException("it is not a key on the curve P-256");
    }
}
