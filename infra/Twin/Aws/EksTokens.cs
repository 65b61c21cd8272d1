using System.Globalization;
using System.Text;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.Kubernetes;
using Microsoft.AspNetCore.WebUtilities;

namespace HaCluster.Twin.Aws;

/// <summary>
/// Knows callers of the API server by the tokens of <c>aws eks get-token</c>: a presigned <c>sts:GetCallerIdentity</c> that names the cluster. Checks what
/// aws-iam-authenticator checks (https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/v0.7.8/pkg/token/token.go, <c>Verify</c>), and the signature as STS does.
/// </summary>
internal sealed class EksTokens(AwsKey key, string region, string cluster, string user)
{
    private const string Prefix = "k8s-aws-v1.", ClusterHeader = "x-k8s-aws-id", SignedHeaders = $"host;{ClusterHeader}";
    private const int LongestToken = 4096, LongestSeconds = 900;

    /// <summary>From the time of the signature, whatever the URL says.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private static readonly HashSet<string> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        "Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-User-Agent",
    };

    /// <summary>The twin's own STS, beside the hosts of AWS that a tool without an endpoint setting signs for.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Null for a token of another kind, and for one that is wrong or too old.</summary>
    public ApiUser? Find(string token) => Find(token, DateTimeOffset.UtcNow);

    /// <param name="now">Of this machine: signatures know no other time.</param>
    public ApiUser? Find(string token, DateTimeOffset now)
    {
        if (token.Length > LongestToken || !token.StartsWith(Prefix, StringComparison.Ordinal) || Decode(token[Prefix.Length..]) is not { } text
            || !Uri.TryCreate(text, UriKind.Absolute, out var url) || !IsSts(url) || url.AbsolutePath != "/" || url.Fragment.Length > 0)
            return null;
        var query = QueryHelpers.ParseQuery(url.Query).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        if (query.Any(pair => !Parameters.Contains(pair.Key) || pair.Value.Count != 1))
            return null;
        string Value(string name) => query.TryGetValue(name, out var value) ? value.ToString() : "";
        if (Value("Action") != "GetCallerIdentity" || Value("X-Amz-SignedHeaders") != SignedHeaders
            || !int.TryParse(Value("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LongestSeconds)
            return null;
        try
        {
            Signature.VerifyUrl(url, new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = url.Authority, [ClusterHeader] = cluster }, key, now, Lifetime);
        }
        catch (AwsException)
        {
            return null;
        }

        return new ApiUser(user, token) { Groups = ["system:masters", "system:authenticated"] };
    }

    private bool IsSts(Uri url) => Endpoint is { } own && url.Scheme == own.Scheme && url.Authority == own.Authority
        || (url.Scheme == Uri.UriSchemeHttps && (url.Authority == "sts.amazonaws.com" || url.Authority == $"sts.{region}.amazonaws.com"));

    private static string? Decode(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
