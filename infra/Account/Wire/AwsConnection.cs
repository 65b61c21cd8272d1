using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace HaCluster.Account.Wire;

/// <summary>One account in one region: the clients of its services, made when first needed, all with the same credentials.</summary>
internal sealed class AwsConnection : IDisposable
{
    private readonly AWSCredentials _credentials;
    private readonly Uri? _endpoint;
    private readonly ConcurrentDictionary<(string Service, string Region), ServiceClient> _clients = new();

    /// <param name="endpoint">Endpoint of all services; null: from the environment, the profile, or the default of AWS.</param>
    public AwsConnection(string region, AWSCredentials credentials, Uri? endpoint = null)
    {
        Region = RegionEndpoint.GetBySystemName(region);
        _credentials = credentials;
        _endpoint = endpoint;
    }

    public RegionEndpoint Region { get; }

    /// <summary>The region in which IAM and its quotas are administered.</summary>
    public RegionEndpoint HomeRegion => Region.PartitionName switch
    {
        "aws-cn" => RegionEndpoint.CNNorth1,
        "aws-us-gov" => RegionEndpoint.USGovCloudWest1,
        _ => RegionEndpoint.USEast1,
    };

    /// <summary>With the credentials that any AWS tool would find: environment, profile, SSO, container, instance.</summary>
    /// <exception cref="AwsCallException">There are none.</exception>
    public static AwsConnection Open(string region)
    {
        try
        {
            return new AwsConnection(region, DefaultAWSCredentialsIdentityResolver.GetCredentials());
        }
        catch (AmazonClientException exception)
        {
            throw new AwsCallException("AWS", "credentials", "NoCredentials", exception.Message, exception);
        }
    }

    /// <summary>A bearer token for an EKS cluster of this region. No call is made, unless the credentials must be fetched.</summary>
    /// <exception cref="AwsCallException">There are no credentials, or they cannot be renewed.</exception>
    public async Task<string> MakeClusterTokenAsync(string cluster, CancellationToken cancellationToken)
    {
        try
        {
            // The credentials of a profile may run a program or a sign-in that does not know of the cancellation.
            var credentials = await _credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
            return ClusterTokens.Make(credentials, new ServiceClientConfig(AwsService.Sts, Region, _endpoint), cluster);
        }
        catch (AmazonClientException exception)
        {
            throw new AwsCallException("AWS", "credentials", "NoCredentials", exception.Message, exception);
        }
    }

    public QueryProtocol Query(AwsService service) => new(Client(service), service);

    public JsonProtocol Json(AwsService service, bool atHome = false) => new(Client(service, atHome), service);

    public RestProtocol Rest(AwsService service) => new(Client(service));

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private ServiceClient Client(AwsService service, bool atHome = false)
    {
        var region = atHome || service.IsGlobal ? HomeRegion : Region;
        return _clients.GetOrAdd((service.Id, region.SystemName), _ => new ServiceClient(_credentials, new ServiceClientConfig(service, region, _endpoint)));
    }
}
