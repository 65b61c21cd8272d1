using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>Turns what the wire throws into failures that say what to do.</summary>
internal static class AwsErrors
{
    /// <summary>How IAM calls a service where it is not the prefix of the host.</summary>
    private static readonly Dictionary<string, string> Permissions = new(StringComparer.Ordinal)
    {
        [AwsService.AutoScaling.Id] = "autoscaling",
        [AwsService.CloudWatch.Id] = "cloudwatch",
        [AwsService.Ec2.Id] = "ec2",
        [AwsService.Eks.Id] = "eks",
        [AwsService.LoadBalancing.Id] = "elasticloadbalancing",
        [AwsService.Logs.Id] = "logs",
        [AwsService.OpenSearch.Id] = "es",
        [AwsService.Rds.Id] = "rds",
        [AwsService.ServiceQuotas.Id] = "servicequotas",
        [AwsService.Sts.Id] = "sts",
        [AwsService.ZonalShift.Id] = "arc-zonal-shift",
    };

    /// <param name="target">What the call is about.</param>
    public static async Task<T> TranslateAsync<T>(string target, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AwsCallException exception)
        {
            throw Of(exception, target);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new HaClusterException(
                FailureKind.NotUnderstood, "AWS", target, $"the response does not have the fields that AWS documents: {exception.Message.TrimEnd('.')}",
                "A proxy may have answered, or the endpoint is not AWS", exception);
        }
    }

    /// <summary>The same, null for what does not exist.</summary>
    public static async Task<T?> FindAsync<T>(string target, Func<Task<T?>> call)
        where T : class
    {
        try
        {
            return await TranslateAsync(target, call);
        }
        catch (HaClusterException exception) when (exception.Kind == FailureKind.NotFound)
        {
            return null;
        }
    }

    public static HaClusterException Of(AwsCallException exception, string target)
    {
        var (kind, problem, advice) = Explain(exception);
        return new HaClusterException(kind, $"{exception.Service} {exception.Operation}", target, problem, advice, exception) { Code = exception.Code };
    }

    private static (FailureKind Kind, string Problem, string Advice) Explain(AwsCallException exception)
    {
        var detail = exception.Detail.TrimEnd('.');
        var said = detail.Length > 0 ? $"{exception.Code}: {detail}" : exception.Code;
        if (exception.Code == "NoCredentials")
            return (FailureKind.CredentialsMissing, $"no AWS credentials: {detail}", "Log in (aws sso login), set AWS_PROFILE, or set the environment's credentials");
        if (exception.IsDenied)
            return (FailureKind.PermissionDenied, $"permission missing: {PermissionOf(exception)}{(detail.Length > 0 ? $" ({detail})" : "")}", "Add it to the caller's IAM policy");
        if (exception.IsUnreachable)
            return (FailureKind.Unreachable, detail.Length > 0 ? detail : said, "Check the network, the proxy and AWS_ENDPOINT_URL");
        return exception.Code switch
        {
            "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" => (FailureKind.CredentialsExpired, said, "Log in again: aws sso login, or new credentials in the environment"),
            "InvalidClientTokenId" or "UnrecognizedClientException" or "AuthFailure" or "SignatureDoesNotMatch" or "InvalidSignatureException"
                => (FailureKind.CredentialsExpired, said, "AWS does not accept the credentials: log in again, and check the clock of this computer"),
            "NotUnderstood" => (FailureKind.NotUnderstood, detail, "A proxy may have answered, or the endpoint is not AWS"),
            _ when Has("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown") => (FailureKind.Throttled, said, "Try again later"),
            _ when Has("NotFound", "NoSuch", "DoesNotExist") => (FailureKind.NotFound, said, "Check the name and the region"),
            _ when Has("AlreadyExists", "Duplicate") => (FailureKind.AlreadyExists, said, "Choose another, or use the one that exists"),
            _ when Has("InUse", "Conflict", "InProgress", "InvalidDBClusterState", "InvalidDBInstanceState", "IncorrectState") => (
                FailureKind.Conflict, said, "Wait until the other change has ended, and try again"),
            _ when Has("InternalFailure", "InternalError", "InternalServer", "ServiceUnavailable", "ServerException") => (FailureKind.ServerFailed, said, "Try again; see the AWS health dashboard"),
            _ => (FailureKind.Rejected, said, "Correct the request"),
        };

        bool Has(params ReadOnlySpan<string> parts)
        {
            foreach (var part in parts)
            {
                if (exception.Code.Contains(part, StringComparison.Ordinal))
                    return true;
            }

            return false;
        }
    }

    private static string PermissionOf(AwsCallException exception) =>
        $"{Permissions.GetValueOrDefault(exception.Service, exception.Service.ToLowerInvariant())}:{exception.Operation}";
}
