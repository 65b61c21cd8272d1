using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace HaCluster.Twin.Aws.Protocols;

/// <summary>
/// Verifies Signature Version 4 in the Authorization header
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal static class Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>How far the time of a request may be off (https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html).</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    /// <summary>The service that the request says it is signed for; null without a signature.</summary>
    public static string? ServiceOf(HttpRequest request) => Scope(request) is [_, _, _, var service, _] ? service : null;

    /// <exception cref="AwsException">It is missing, of another key, too old, or wrong.</exception>
    public static void Verify(HttpRequest request, ReadOnlySpan<byte> body, AwsKey key, DateTimeOffset now)
    {
        var header = request.Headers.Authorization.ToString();
        if (Scope(request) is not [var id, var date, var region, var service, "aws4_request"])
            throw new AwsException("MissingAuthenticationToken", "Missing Authentication Token", 403);
        if (id != key.Id)
            throw new AwsException("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
        if (Field(header, "SignedHeaders") is not { } signed || Field(header, "Signature") is not { } signature
            || request.Headers["X-Amz-Date"].ToString() is not { Length: > 0 } stamp || ReadStamp(stamp) is not { } at)
            throw new AwsException("IncompleteSignature", "Authorization header requires 'SignedHeaders', 'Signature' and the header X-Amz-Date.", 403);
        if ((at - now).Duration() > Skew)
            throw new AwsException("RequestExpired", $"Signature expired: {stamp} is not within 15 minutes of now", 403);
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = Query(target.Length > 1 ? target[1] : "");
        Compare(request.Method, Path(target[0]), query, Headers(signed, name => request.Headers[name].ToString()), signed, PayloadHash(request, body), stamp, [date, region, service], key, signature);
    }

    /// <summary>Verifies a presigned URL of a GET (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html, as other services do it).</summary>
    /// <param name="headers">Those that the caller would send, by name in lower case.</param>
    /// <param name="lifetime">From the time of the signature.</param>
    /// <exception cref="AwsException">It is of another key, too old, or wrong.</exception>
    public static void VerifyUrl(Uri url, IReadOnlyDictionary<string, string> headers, AwsKey key, DateTimeOffset now, TimeSpan lifetime)
    {
        var values = QueryHelpers.ParseQuery(url.Query);
        string Value(string name) => values.TryGetValue(name, out var value) ? value.ToString() : "";
        if (Value("X-Amz-Algorithm") != Algorithm || Value("X-Amz-Credential").Split('/') is not [var id, var date, var region, var service, "aws4_request"] || ReadStamp(Value("X-Amz-Date")) is not { } at)
            throw new AwsException("IncompleteSignature", "A presigned URL requires X-Amz-Algorithm, X-Amz-Credential and X-Amz-Date.", 403);
        if (id != key.Id)
            throw new AwsException("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
        if (now > at + lifetime || at > now + Skew)
            throw new AwsException("RequestExpired", $"Signature expired: {Value("X-Amz-Date")} is not within {lifetime.TotalMinutes} minutes of now", 403);
        var signed = Value("X-Amz-SignedHeaders");
        Compare(
            "GET", Path(url.AbsolutePath), Query(url.Query.TrimStart('?'), but: "X-Amz-Signature"), Headers(signed, name => headers.GetValueOrDefault(name, "")), signed, Hash([]),
            Value("X-Amz-Date"), [date, region, service], key, Value("X-Amz-Signature"));
    }

    /// <param name="scope">Date, region and service.</param>
    private static void Compare(
        string method, string path, string query, string headers, string signed, string payload, string stamp, string[] scope, AwsKey key, string signature)
    {
        var canonical = string.Join('\n', method, path, query, headers, "", signed, payload);
        var toSign = string.Join('\n', Algorithm, stamp, $"{string.Join('/', scope)}/aws4_request", Hash(Encoding.UTF8.GetBytes(canonical)));
        var signing = Mac(scope.Aggregate(Encoding.UTF8.GetBytes("AWS4" + key.Secret), Mac), "aws4_request");
        var expected = Convert.ToHexStringLower(Mac(signing, toSign));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature)))
        {
            throw new AwsException(
                "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.", 403);
        }
    }

    private static DateTimeOffset? ReadStamp(string stamp) =>
        DateTimeOffset.TryParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static string[]? Scope(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Algorithm, StringComparison.Ordinal) && Field(header, "Credential") is { } credential ? credential.Split('/') : null;
    }

    private static string? Field(string header, string name)
    {
        var at = header.IndexOf(name + "=", StringComparison.Ordinal);
        if (at < 0)
            return null;
        var rest = header[(at + name.Length + 1)..];
        var end = rest.IndexOf(',', StringComparison.Ordinal);
        return (end < 0 ? rest : rest[..end]).Trim();
    }

    /// <summary>The path as it was sent, each part encoded once more, as all services but S3 want it.</summary>
    private static string Path(string path) => path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Query(string query, string? but = null)
    {
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Recode(pair[0]), Value: Recode(pair.Length > 1 ? pair[1] : "")))
            .Where(pair => pair.Name != but);
        return string.Join('&', pairs.OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Recode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text.Replace('+', ' ')));

    private static string Headers(string signed, Func<string, string> value) => string.Join('\n', signed.Split(';').Select(name => $"{name}:{Squeeze(value(name))}"));

    private static string Squeeze(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The body must be the one that was signed, also when the header states its hash.</summary>
    private static string PayloadHash(HttpRequest request, ReadOnlySpan<byte> body)
    {
        var stated = request.Headers["X-Amz-Content-SHA256"].ToString();
        return stated == "UNSIGNED-PAYLOAD" ? stated : Hash(body);
    }

    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
