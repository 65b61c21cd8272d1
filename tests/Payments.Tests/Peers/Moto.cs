using Amazon.KeyManagementService;
using Amazon.Runtime;

namespace HaCluster.Payments.Tests.Peers;

/// <summary>moto as KMS, on loopback; one for all tests that need it.</summary>
public sealed class Moto : IAsyncLifetime
{
    private MotoProcess? _moto;

    public async Task InitializeAsync() => _moto = await MotoProcess.StartAsync();

    public IAmazonKeyManagementService Kms()
    {
        Skip.If(_moto is null, MotoProcess.Needed);
        return new AmazonKeyManagementServiceClient(
            new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"),
            new AmazonKeyManagementServiceConfig { ServiceURL = _moto!.Endpoint.GetLeftPart(UriPartial.Authority), AuthenticationRegion = "us-east-1" });
    }

    public async Task DisposeAsync()
    {
        if (_moto is not null)
            await _moto.DisposeAsync();
    }
}
