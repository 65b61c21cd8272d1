using Amazon.KeyManagementService;
using Amazon.Runtime;

namespace HaCluster.Payments.Tests.Peers;

/// <summary>moto as KMS, on loopback; one for all tests that need it.</summary>
public sealed class Moto : IAsyncLifetime
{
    private RunningProgram? _process;
    private string _endpoint = "";

    public async Task InitializeAsync()
    {
        if (Programs.Find("moto_server") is not { } program)
            return;
        var port = Waiting.FreePort();
        _process = RunningProgram.Start(program, ["-H", "127.0.0.1", "-p", $"{port}"]);
        _endpoint = $"http://127.0.0.1:{port}";
        using var http = new HttpClient();
        await Waiting.UntilAsync(
            "moto answers",
            async () =>
            {
                Assert.False(_process.HasEnded, _process.Text);
                using var answer = await http.GetAsync(new Uri($"{_endpoint}/moto-api/"));
                return answer.IsSuccessStatusCode;
            },
            () => _process.Text);
    }

    public IAmazonKeyManagementService Kms()
    {
        Skip.If(_process is null, "needs moto_server on the PATH (bash tests/all gets it; pip install 'moto[server]')");
        return new AmazonKeyManagementServiceClient(
            new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"), new AmazonKeyManagementServiceConfig { ServiceURL = _endpoint, AuthenticationRegion = "us-east-1" });
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
