using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>The signature that AWS computes for a request, to compare with the one that came
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).</summary>
internal static class SignatureV4
{
    public static string Of(SearchRequest request) => Part(request, "Signature=");

    public static string Expected(SearchRequest request, string secret)
    {
        var scope = Part(request, "Credential=").Split('/', 2)[1];
        var signed = Part(request, "SignedHeaders=");
        Assert.Contains("host", signed, StringComparison.Ordinal);
        Assert.Contains("x-amz-security-token", signed, StringComparison.Ordinal);
        Assert.EndsWith("/eu-central-1/es/aws4_request", scope, StringComparison.Ordinal);

        var parts = request.PathAndQuery.Split('?', 2);
        var canonical = string.Join('\n', [
            request.Method,
            // Its letters are such that stand for themselves in any encoding.
            parts[0],
            parts.Length > 1 ? parts[1] : "",
            .. signed.Split(';').Select(name => $"{name}:{Header(request, name)}"),
            "",
            signed,
            Hash(request.Body),
        ]);
        var text = $"AWS4-HMAC-SHA256\n{request.Date}\n{scope}\n{Hash(canonical)}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (each, part) => HMACSHA256.HashData(each, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Header(SearchRequest request, string name) => name switch
    {
        "content-type" => "application/json",
        "host" => request.Host,
        "x-amz-date" => request.Date,
        "x-amz-security-token" => request.Token,
        _ => throw new InvalidOperationException($"a header is signed that nobody expected: {name}"),
    };

    private static string Part(SearchRequest request, string name) =>
        request.Authorization.Split(' ', ',').First(part => part.StartsWith(name, StringComparison.Ordinal))[name.Length..];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
