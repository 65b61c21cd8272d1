using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>Signs requests for AWS.</summary>
internal interface IRequestSigner
{
    /// <returns>Headers to be sent along.</returns>
    /// <exception cref="IndexUnavailableException">There are no credentials.</exception>
    Task<IEnumerable<KeyValuePair<string, string>>> SignAsync(HttpRequestMessage request, byte[] body, CancellationToken cancellationToken);
}

/// <summary>Signature Version 4 for the service <c>es</c>, by the signer and with the credentials of AWS's own SDK.</summary>
internal sealed class AwsRequestSigner(string region, AWSCredentials? credentials = null) : IRequestSigner
{
    public const string Service = "es";

    private readonly AWS4Signer _signer = new();

    // Only its region and the name of the service are read: the SDK has no client for the REST interface of OpenSearch.
    private readonly AmazonKeyManagementServiceConfig _config = new() { AuthenticationRegion = region, AuthenticationServiceName = Service };

    private AWSCredentials? _credentials = credentials;

    public async Task<IEnumerable<KeyValuePair<string, string>>> SignAsync(HttpRequestMessage request, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            _credentials ??= DefaultAWSCredentialsIdentityResolver.GetCredentials();
            var keys = await _credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
            var uri = request.RequestUri!;
            var signed = new DefaultRequest(new NoRequest(), Service)
            {
                HttpMethod = request.Method.Method,
                Endpoint = new Uri(uri.GetLeftPart(UriPartial.Authority)),
                ResourcePath = uri.AbsolutePath,
                Content = body,
                UseQueryString = false,
            };
            foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                signed.Parameters[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
            }

            signed.UseQueryString = true;
            if (keys.UseToken)
                signed.Headers["X-Amz-Security-Token"] = keys.Token;
            var result = _signer.SignRequest(signed, _config, new RequestMetrics(), keys.AccessKey, keys.SecretKey);
            signed.Headers["Authorization"] = result.ForAuthorizationHeader;
            return signed.Headers.Where(header => !header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase));
        }
        catch (AmazonClientException exception)
        {
            throw new IndexUnavailableException($"requests to OpenSearch cannot be signed: {exception.Message}", exception);
        }
    }

    private sealed class NoRequest : AmazonWebServiceRequest;
}

/// <summary>Puts the signature on each request, at the last moment: a repeated one gets a new one.</summary>
internal sealed class SigningHandler(IRequestSigner signer, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        foreach (var (name, value) in await signer.SignAsync(request, body, cancellationToken))
            request.Headers.TryAddWithoutValidation(name, value);
        return await base.SendAsync(request, cancellationToken);
    }
}
