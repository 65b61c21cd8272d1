using System.Net.Http.Headers;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;

namespace HaCluster.Ledger.Tests.Peers;

/// <summary>moto as S3 and KMS, on loopback; one for all tests that need it.</summary>
public sealed class Moto : IAsyncLifetime, IDisposable
{
    private static readonly BasicAWSCredentials Credentials = new("AKIAIOSFODNN7EXAMPLE", "not-a-secret");

    private readonly HttpClient _http = new();
    private readonly ClientFactory _clients = new();
    private RunningProgram? _process;
    private string _endpoint = "";

    public string Endpoint
    {
        get
        {
            Skip.If(_process is null, "needs moto_server on the PATH (bash tests/all gets it; pip install 'moto[server]')");
            return _endpoint;
        }
    }

    public async Task InitializeAsync()
    {
        if (Programs.Find("moto_server") is not { } program)
            return;
        var port = Waiting.FreePort();
        _process = RunningProgram.Start(program, ["-H", "127.0.0.1", "-p", $"{port}"]);
        _endpoint = $"http://127.0.0.1:{port}";
        await Waiting.UntilAsync(
            "moto answers",
            async () =>
            {
                Assert.False(_process.HasEnded, _process.Text);
                using var answer = await _http.GetAsync(new Uri($"{_endpoint}/moto-api/"));
                return answer.IsSuccessStatusCode;
            },
            () => _process.Text);
    }

    public IAmazonS3 S3() => new AmazonS3Client(Credentials, new AmazonS3Config { ServiceURL = Endpoint, AuthenticationRegion = "us-east-1", ForcePathStyle = true, MaxErrorRetry = 1, HttpClientFactory = _clients });

    public IAmazonKeyManagementService Kms() => new AmazonKeyManagementServiceClient(Credentials, new AmazonKeyManagementServiceConfig { ServiceURL = Endpoint, AuthenticationRegion = "us-east-1" });

    public Task DisposeAsync()
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
        _http.Dispose();
        _clients.Dispose();
    }

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
