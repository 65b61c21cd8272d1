using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Payments.Webhooks;

/// <summary>
/// Signatures as https://www.standardwebhooks.com defines them, so that receivers can check them with its libraries. Made here and not by the package StandardWebhooks: it is one HMAC, over the bytes that are sent and not
/// over a text of them, for each of the secrets that hold while one replaces another.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;

    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <param name="id">Of the event: the same in each attempt and each replay, so that a receiver recognises what it has.</param>
    /// <param name="secrets">One signature for each.</param>
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp.ToUnixTimeSeconds()}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), content))}"));
    }
}
