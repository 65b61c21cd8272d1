using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;

namespace HaCluster.Account.Wire;

/// <summary>
/// Tokens for the API server of an EKS cluster: a presigned <c>sts:GetCallerIdentity</c> that names the cluster, as the AWS CLI makes it
/// (https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster).
/// </summary>
internal static class ClusterTokens
{
    public const string Prefix = "k8s-aws-v1.";

    /// <summary>The server takes a token for 15 minutes after it was signed, whatever the URL says; a minute is left for clocks that differ.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(14);

    private const string ClusterHeader = "x-k8s-aws-id";
    private const int SecondsOfUrl = 60;

    /// <param name="config">Of STS in the region of the cluster; the server asks that endpoint.</param>
    public static string Make(ImmutableCredentials credentials, ServiceClientConfig config, string cluster)
    {
        var request = new DefaultRequest(new ServiceCall("GetCallerIdentity"), config.Service.Id)
        {
            HttpMethod = "GET",
            Endpoint = config.Endpoint,
            ResourcePath = "/",
            UseQueryString = true,
        };
        request.Headers[ClusterHeader] = cluster;
        request.Parameters["Action"] = "GetCallerIdentity";
        request.Parameters["Version"] = config.Service.Version;
        request.Parameters["X-Amz-Expires"] = $"{SecondsOfUrl}";
        if (credentials.UseToken)
            request.Parameters["X-Amz-Security-Token"] = credentials.Token;
        var signature = AWS4PreSignedUrlSigner.SignRequest(
            request, config, new RequestMetrics(), credentials.AccessKey, credentials.SecretKey, config.Service.Prefix, config.RegionEndpoint.SystemName);
        var url = $"{AmazonServiceClient.ComposeUrl(request).AbsoluteUri}&{signature.ForQueryParameters}";
        return Prefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(url)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
