using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace HaCluster.Account.Wire;

/// <summary>
/// Settings of one service's client; what is not set here comes from the environment and the profile, as with any AWS client.
/// </summary>
internal sealed class ServiceClientConfig : ClientConfig
{
    private const int Retries = 4;
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    private readonly Uri? _endpoint;

    /// <param name="endpoint">Where all services are, in place of what is configured; null for that.</param>
    public ServiceClientConfig(AwsService service, RegionEndpoint region, Uri? endpoint)
        : base(new DefaultConfigurationProvider(Enum.GetValues<DefaultConfigurationMode>().Select(Defaults)))
    {
        _endpoint = endpoint;
        Service = service;
        ServiceId = service.Id;
        AuthenticationServiceName = service.Prefix;
        RegionEndpoint = region;
        MaxErrorRetry = Retries;
        Timeout = LongestCall;
    }

    public AwsService Service { get; }

    public override string ServiceVersion => Service.Version;

    public override string UserAgent => "ha-cluster";

    public override string RegionEndpointServiceName => Service.Prefix;

    /// <summary>Where a call goes: to the endpoint that was configured (<c>AWS_ENDPOINT_URL</c>), or to the region's own.</summary>
    public Uri Endpoint => _endpoint is not null ? _endpoint
        : ServiceURL is { Length: > 0 } configured ? new Uri(configured)
        : new Uri(Service.IsGlobal && RegionEndpoint.PartitionName == "aws"
            ? $"https://{Service.Host}.{RegionEndpoint.PartitionDnsSuffix}"
            : $"https://{Service.Host}.{RegionEndpoint.SystemName}.{RegionEndpoint.PartitionDnsSuffix}");

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(Endpoint.ToString());

    private static DefaultConfiguration Defaults(DefaultConfigurationMode mode) => new()
    {
        Name = mode,
        RetryMode = RequestRetryMode.Standard,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };
}
