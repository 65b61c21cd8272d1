using System.Net.Http.Headers;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;

namespace HaCluster.Ledger.Tests.Peers;

/// <summary>moto as S3 and KMS, on loopback; one for all tests that need it.</summary>
public sealed class Moto : IAsyncLifetime, IDisposable
{
    private static readonly BasicAWSCredentials Credentials = new("AKIAIOSFODNN7EXAMPLE", "not-a-secret");

    private readonly ClientFactory _clients = new();
    private MotoProcess? _moto;

    public string Endpoint
    {
        get
        {
            Skip.If(_moto is null, MotoProcess.Needed);
            return _moto!.Endpoint.GetLeftPart(UriPartial.Authority);
        }
    }

    public async Task InitializeAsync() => _moto = await MotoProcess.StartAsync();

    public IAmazonS3 S3() => new AmazonS3Client(Credentials, new AmazonS3Config { ServiceURL = Endpoint, AuthenticationRegion = "us-east-1", ForcePathStyle = true, MaxErrorRetry = 1, HttpClientFactory = _clients });

    public IAmazonKeyManagementService Kms() => new AmazonKeyManagementServiceClient(Credentials, new AmazonKeyManagementServiceConfig { ServiceURL = Endpoint, AuthenticationRegion = "us-east-1" });

    public async Task DisposeAsync()
    {
        if (_moto is not null)
            await _moto.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _clients.Dispose();

    private sealed class ClientFactory : HttpClientFactory, IDisposable
    {
        private readonly SemaphoreSlim _oneAtATime = new(1);

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new LikeS3(_oneAtATime));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public void Dispose() => _oneAtATime.Dispose();
    }

    /// <summary>In two things moto differs from S3: it looks for an object and stores it in two steps, between which another may be stored, and says that its errors are HTML.</summary>
    private sealed class LikeS3(SemaphoreSlim oneAtATime) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isConditional = request.Headers.IfNoneMatch.Count > 0;
            if (isConditional)
                await oneAtATime.WaitAsync(cancellationToken);
            try
            {
                var answer = await base.SendAsync(request, cancellationToken);
                if (!answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "text/html")
                    answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
                return answer;
            }
            finally
            {
                if (isConditional)
                    oneAtATime.Release();
            }
        }
    }
}

[CollectionDefinition(Name)]
public sealed class MotoCollection : ICollectionFixture<Moto>
{
    public const string Name = "moto";
}
