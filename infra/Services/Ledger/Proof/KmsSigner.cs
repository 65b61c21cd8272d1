using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;

namespace HaCluster.Ledger.Proof;

/// <summary>A key of AWS KMS (<c>ECC_NIST_P256</c>), which never leaves it.</summary>
/// <param name="key">Id, ARN or alias.</param>
internal sealed class KmsSigner(IAmazonKeyManagementService kms, string key) : ISigner
{
    private PublicKey? _publicKey;

    public PublicKey PublicKey => _publicKey ?? throw new InvalidOperationException("the key is not open");

    /// <exception cref="SigningException">There is no such key, or it does not sign.</exception>
    public static async Task<KmsSigner> OpenAsync(IAmazonKeyManagementService kms, string key, CancellationToken cancellationToken)
    {
        var signer = new KmsSigner(kms, key);
        await signer.OpenAsync(cancellationToken);
        return signer;
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await kms.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = key }, cancellationToken);
            if (answer.SigningAlgorithms?.Contains(SigningAlgorithmSpec.ECDSA_SHA_256) is not true)
                throw new SigningException($"the KMS key {key} does not sign with ECDSA_SHA_256; create one with --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY");
            _publicKey = PublicKey.Of(answer.PublicKey.ToArray());
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken) || exception is FormatException)
        {
            throw new SigningException($"the KMS key {key} cannot be used: {exception.Message}", exception, IsPassing(exception));
        }
    }

    public async Task<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            // A checkpoint of 2^40 records is shorter than the 4096 bytes that KMS hashes itself (https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html).
            using var content = new MemoryStream(message.ToArray());
            var answer = await kms.SignAsync(
                new SignRequest { KeyId = key, Message = content, MessageType = MessageType.RAW, SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256 },
                cancellationToken);
            return answer.Signature.ToArray();
        }
        catch (Exception exception) when (IsFault(exception, cancellationToken))
        {
            throw new SigningException($"the KMS key {key} did not sign: {exception.Message}", exception, IsPassing(exception));
        }
    }

    public void Dispose() => kms.Dispose();

    private static bool IsFault(Exception exception, CancellationToken cancellationToken) => exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>An answer that refuses the key stays; credentials and everything on the way to KMS may come back.</summary>
    private static bool IsPassing(Exception exception) => exception is not (FormatException or AmazonServiceException { StatusCode: >= System.Net.HttpStatusCode.BadRequest and < System.Net.HttpStatusCode.InternalServerError })
        || exception is AmazonServiceException { StatusCode: System.Net.HttpStatusCode.TooManyRequests } or AmazonServiceException { ErrorCode: "ThrottlingException" };
}
