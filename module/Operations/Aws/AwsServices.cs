namespace HaCluster.Operations.Aws;

/// <summary>The AWS services of one account in one region, as far as operating a cluster needs them.</summary>
/// <remarks>All calls throw <see cref="HaClusterException"/>. Throttled calls and server errors were already repeated with back-off by AWSSDK.Core.</remarks>
public sealed class AwsServices : IDisposable
{
    private readonly IDisposable? _connection;

    public AwsServices(IDisposable? connection = null) => _connection = connection;

    public required string Region { get; init; }

    public required IIdentities Identities { get; init; }

    public required IEks Eks { get; init; }

    public required IAutoScaling AutoScaling { get; init; }

    public required IEc2 Ec2 { get; init; }

    public required ILoadBalancers LoadBalancers { get; init; }

    public required IDatabases Databases { get; init; }

    public required IZonalShifts ZonalShifts { get; init; }

    public required ISearchDomains SearchDomains { get; init; }

    public required ILogGroups LogGroups { get; init; }

    public required IServiceQuotas ServiceQuotas { get; init; }

    public required IMetrics Metrics { get; init; }

    public void Dispose() => _connection?.Dispose();
}

/// <summary>STS.</summary>
public interface IIdentities
{
    Task<CallerIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>A bearer token for an EKS cluster, made from the credentials without a call; valid for about 14 minutes.</summary>
    Task<ClusterToken> MakeTokenAsync(string cluster, CancellationToken cancellationToken);
}

public sealed record CallerIdentity(string Account, string Arn);

/// <param name="Value">Secret: never log it.</param>
public sealed record ClusterToken(string Value, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"token until {ExpiresAt:u}";
}
