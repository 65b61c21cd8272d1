using Amazon.Runtime;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>Opens the services on the one wire to AWS.</summary>
public static class AwsWire
{
    /// <param name="credentials">Null: what any AWS tool would find.</param>
    /// <param name="endpoint">Of all services; null: <c>AWS_ENDPOINT_URL</c>, the profile, or AWS.</param>
    /// <exception cref="HaClusterException">There are no credentials.</exception>
    public static AwsServices Open(string region, AWSCredentials? credentials = null, Uri? endpoint = null)
    {
        AwsConnection connection;
        try
        {
            connection = credentials is null && endpoint is null ? AwsConnection.Open(region)
                : new AwsConnection(region, credentials ?? Amazon.Runtime.Credentials.DefaultAWSCredentialsIdentityResolver.GetCredentials(), endpoint);
        }
        catch (AwsCallException exception)
        {
            throw AwsErrors.Of(exception, region);
        }
        catch (AmazonClientException exception)
        {
            throw AwsErrors.Of(new AwsCallException("AWS", "credentials", "NoCredentials", exception.Message, exception), region);
        }

        return new AwsServices(connection)
        {
            Region = region,
            Identities = new StsWire(connection),
            Eks = new EksWire(connection),
            AutoScaling = new AutoScalingWire(connection),
            Ec2 = new Ec2Wire(connection),
            LoadBalancers = new LoadBalancingWire(connection),
            Databases = new RdsWire(connection),
            ZonalShifts = new ZonalShiftWire(connection),
            SearchDomains = new OpenSearchWire(connection),
            LogGroups = new LogsWire(connection),
            ServiceQuotas = new ServiceQuotasWire(connection),
            Metrics = new CloudWatchWire(connection),
        };
    }
}
