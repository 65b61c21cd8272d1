using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HaCluster.Twin.Aws;

namespace HaCluster.Twin.Tests.Aws;

/// <summary>A request with Signature Version 4, written from the documentation and not from the twin's verification.</summary>
internal static class SignedRequest
{
    public static HttpRequestMessage Make(AwsServer server, string service, string method, string path, string body)
    {
        var now = DateTimeOffset.UtcNow.UtcDateTime;
        var (stamp, day) = (now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        var uri = new Uri(server.Url, path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var canonical = $"{method}\n{path}\n\nhost:{uri.Authority}\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{hash}";
        var scope = $"{day}/{server.Region}/{service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + server.Key.Secret);
        foreach (var part in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        var request = new HttpRequestMessage(new HttpMethod(method), uri) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Host = uri.Authority;
        request.Headers.Add("X-Amz-Date", stamp);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={server.Key.Id}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
        return request;
    }
}
