using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Payments.Tests.Webhooks;

/// <summary>
/// What a receiver has to check, as https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md says it and its libraries do: written from that page, without the service's code.
/// </summary>
internal sealed class VerifyingReceiver(string secret)
{
    /// <summary>Of its libraries.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <returns>What is wrong with it; null: it is taken.</returns>
    public string? Take(string id, string timestamp, string signatures, string body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return "no timestamp";
        var sent = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (sent < now - Tolerance)
            return "too old";
        if (sent > now + Tolerance)
            return "from the future";
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        if (!signatures.Split(' ').Any(one => one.Split(',') is ["v1", var signature] && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(signature), expected)))
            return "wrong signature";
        return _known.Add(id) ? null : "known";
    }
}
