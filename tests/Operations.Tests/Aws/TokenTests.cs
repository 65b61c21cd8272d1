using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Amazon.Runtime;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Tests.Aws;

public sealed class TokenTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    [Theory]
    [InlineData(null)]
    [InlineData("a/session+token==")]
    public async Task A_token_is_a_presigned_call_that_names_the_cluster(string? session)
    {
        AWSCredentials credentials = session is null ? new BasicAWSCredentials("AKIDEXAMPLE", Secret) : new SessionAWSCredentials("AKIDEXAMPLE", Secret, session);
        using var aws = AwsWire.Open("eu-central-1", credentials);

        var token = await aws.Identities.MakeTokenAsync("prod", CancellationToken.None);

        Assert.StartsWith("k8s-aws-v1.", token.Value, StringComparison.Ordinal);
        var url = new Uri(Decode(token.Value["k8s-aws-v1.".Length..]));
        var query = HttpUtility.ParseQueryString(url.Query);
        Assert.Equal("sts.eu-central-1.amazonaws.com", url.Host);
        Assert.Equal(("GetCallerIdentity", "2011-06-15", "60", session), (query["Action"], query["Version"], query["X-Amz-Expires"], query["X-Amz-Security-Token"]));
        Assert.Contains("x-k8s-aws-id", query["X-Amz-SignedHeaders"]!.Split(';'));
        Assert.Equal(Sign(url, query, "prod"), query["X-Amz-Signature"]);
        Assert.InRange(token.ExpiresAt, DateTimeOffset.UtcNow.AddMinutes(13), DateTimeOffset.UtcNow.AddMinutes(14));
        Assert.DoesNotContain(token.Value, token.ToString(), StringComparison.Ordinal);
    }

    private static string Decode(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/');
        return Encoding.UTF8.GetString(Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '=')));
    }

    /// <summary>Signature Version 4, from its description (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html).</summary>
    private static string Sign(Uri url, System.Collections.Specialized.NameValueCollection query, string cluster)
    {
        var parameters = query.AllKeys.OfType<string>().Where(name => name != "X-Amz-Signature").Order(StringComparer.Ordinal)
            .Select(name => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(query[name]!)}");
        var headers = query["X-Amz-SignedHeaders"]!.Split(';').Select(name => $"{name}:{(name == "host" ? url.Host : cluster)}\n");
        var request = $"GET\n/\n{string.Join('&', parameters)}\n{string.Concat(headers)}\n{query["X-Amz-SignedHeaders"]}\n{Hex(SHA256.HashData([]))}";
        var scope = query["X-Amz-Credential"]!.Split('/', 2)[1];
        var text = $"AWS4-HMAC-SHA256\n{query["X-Amz-Date"]}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (current, part) => HMACSHA256.HashData(current, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLower(CultureInfo.InvariantCulture);
}
