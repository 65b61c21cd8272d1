using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using HaCluster.Account.Limits;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Account;

/// <summary>
/// An AWS account in one region, seen through its service quotas: what it may have, what it has, what was asked for. Everything here reads,
/// except <see cref="RequestIncreaseAsync"/>.
/// </summary>
/// <remarks>
/// The credentials need no more than this (the last statement only for filing requests):
/// <code>
/// { "Version": "2012-10-17", "Statement": [
///   { "Effect": "Allow", "Resource": "*", "Action": [
///       "servicequotas:ListServiceQuotas", "servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota",
///       "ec2:DescribeAddresses", "ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "ec2:DescribeInternetGateways",
///       "ec2:DescribeNatGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
///       "ec2:DescribeVolumes", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs",
///       "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroups",
///       "eks:ListClusters", "es:ListDomainNames",
///       "rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBProxies",
///       "iam:ListOpenIDConnectProviders", "iam:ListPolicies", "iam:ListRoles", "s3:ListAllMyBuckets" ] },
///   { "Effect": "Allow", "Resource": "*", "Action": [
///       "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota", "servicequotas:RequestServiceQuotaIncrease" ] } ] }
/// </code>
/// </remarks>
public sealed class AwsAccount : IDisposable
{
    private readonly AwsConnection _connection;

    private AwsAccount(AwsConnection connection) => _connection = connection;

    /// <summary>With the credentials that any AWS tool would find, and <c>AWS_ENDPOINT_URL</c> where it is set.</summary>
    /// <exception cref="AwsCallException">There are no credentials.</exception>
    public static AwsAccount Open(string region) => new(AwsConnection.Open(region));

    /// <param name="endpoint">Endpoint of all services; null: from the environment, the profile, or the default of AWS.</param>
    public static AwsAccount Open(string region, AWSCredentials credentials, Uri? endpoint = null) => new(new AwsConnection(region, credentials, endpoint));

    /// <summary>The account's number: proof that the credentials hold, before anything else is asked.</summary>
    public async Task<string> IdentifyAsync(CancellationToken cancellationToken) =>
        (await _connection.Query(AwsService.Sts).CallAsync("GetCallerIdentity", [], cancellationToken)).Text("Account") ?? "unknown account";

    public Task<ImmutableArray<AccountLimit>> ReadLimitsAsync(
        IEnumerable<QuotaReference> quotas, IProgress<string>? progress, CancellationToken cancellationToken) =>
        new LimitReader(_connection).ReadAsync(quotas, progress, cancellationToken);

    /// <summary>One entry per counted quota; an entry that cannot be read has the reason, and the others are still read.</summary>
    /// <param name="vcpuQuotas">The codes of all vCPU quotas, and in <paramref name="vcpuQuotaOf"/> the one of an instance type, on
    /// demand (false) or spot (true).</param>
    public async Task<ImmutableArray<ResourceUse>> ReadUseAsync(
        ClusterOwnership ownership,
        ImmutableArray<string> vcpuQuotas,
        Func<string, bool, string?> vcpuQuotaOf,
        IProgress<string>? progress,
        CancellationToken cancellationToken)
    {
        var uses = ImmutableArray.CreateBuilder<ResourceUse>();
        foreach (var reader in UseReaders.All(_connection, ownership, vcpuQuotas, vcpuQuotaOf))
        {
            progress?.Report(reader.Subject);
            uses.AddRange(await ReadAsync(reader, cancellationToken));
        }

        return uses.ToImmutable();
    }

    /// <param name="path">Path of the role; IAM lists by it.</param>
    /// <returns>Null when the account may not be asked.</returns>
    public async Task<bool?> HasRoleAsync(string path, string name, CancellationToken cancellationToken)
    {
        try
        {
            var pages = _connection.Query(AwsService.Iam).PagesAsync("ListRoles", [("PathPrefix", path)], "Marker", "Marker", cancellationToken);
            await foreach (var page in pages)
            {
                if (page.List("Roles").Any(role => role.Text("RoleName") == name))
                    return true;
            }

            return false;
        }
        catch (AwsCallException exception) when (exception.IsDenied)
        {
            return null;
        }
    }

    /// <returns>Null when none is open.</returns>
    /// <exception cref="AwsCallException">The history cannot be read.</exception>
    public Task<QuotaIncreaseRequest?> FindOpenRequestAsync(QuotaReference quota, CancellationToken cancellationToken) =>
        new QuotaIncreaseClient(_connection).FindOpenAsync(quota, cancellationToken);

    /// <exception cref="AwsCallException">AWS did not take the request.</exception>
    public Task<QuotaIncreaseRequest> RequestIncreaseAsync(QuotaReference quota, decimal desired, CancellationToken cancellationToken) =>
        new QuotaIncreaseClient(_connection).FileAsync(quota, desired, cancellationToken);

    /// <summary>A user and a password for the account's registry of images (ECR) in this region, good for 12 hours.</summary>
    /// <returns>Null when the answer holds none.</returns>
    /// <exception cref="AwsCallException">AWS gives none; the permission is <c>ecr:GetAuthorizationToken</c>.</exception>
    public async Task<(string User, string Password)?> RegistryPasswordAsync(CancellationToken cancellationToken)
    {
        var answer = await _connection.Json(AwsService.Ecr).CallAsync("GetAuthorizationToken", [], cancellationToken);
        return answer.GetProperty("authorizationData").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            && Encoding.UTF8.GetString(first.GetProperty("authorizationToken").GetBytesFromBase64()).Split(':', 2) is [var user, var password]
                ? (user, password)
                : null;
    }

    public void Dispose() => _connection.Dispose();

    private static async Task<ImmutableArray<ResourceUse>> ReadAsync(IUseReader reader, CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (AwsCallException exception)
        {
            reason = exception.Reason;
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or JsonException)
        {
            reason = $"{reader.Subject}: the response does not have the fields that AWS documents";
        }

        return [.. reader.Quotas.Select(quota => new ResourceUse(quota.Service, quota.Code, null, 0, reason))];
    }
}
