using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HaCluster.Planning.Policies.Network;

/// <summary>A range of IPv4 or IPv6 addresses, as the first and the last of them.</summary>
internal readonly record struct AddressRange(bool IsIpv6, UInt128 First, UInt128 Last, int Prefix)
{
    /// <summary>An address, or an address and a prefix. Null for anything else.</summary>
    public static AddressRange? TryParse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address))
            return null;
        // IPAddress also accepts "10" and "0x0a000001", which AWS does not.
        var isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (!isIpv6 && parts[0].Count(letter => letter == '.') != 3)
            return null;
        var bits = isIpv6 ? 128 : 32;
        var prefix = bits;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
            return null;
        var value = address.GetAddressBytes().Aggregate(UInt128.Zero, (sum, next) => (sum << 8) | next);
        // Shifting by all 128 bits would shift by zero.
        var hosts = bits - prefix == 128 ? UInt128.MaxValue : (UInt128.One << (bits - prefix)) - 1;
        return new AddressRange(isIpv6, value & ~hosts, value | hosts, prefix);
    }

    public bool IsWithin(AddressRange other) => IsIpv6 == other.IsIpv6 && other.First <= First && Last <= other.Last;
}

/// <summary>Decides whether a set of address ranges covers the internet or only specific networks.</summary>
internal static class AddressRanges
{
    // AWS treats access from a range broader than these as public, except private ranges:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
    private const int BroadestIpv4 = 8;
    private const int BroadestIpv6 = 32;

    // Splitting a range does not change it. This many of the broadest ranges count as the internet in pieces, not as separate networks.
    private const int MaxPieces = 16;

    // https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc6598, https://www.rfc-editor.org/rfc/rfc4193, link-local ones.
    private static readonly ImmutableArray<AddressRange> Private =
    [
        .. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10" }
            .Select(text => AddressRange.TryParse(text)!.Value),
    ];

    /// <summary>The range that is too broad, or a phrase for all ranges together; null when they are bounded.</summary>
    public static string? Broad(IEnumerable<string> texts)
    {
        var ranges = texts.Select(text => (Text: text, Range: AddressRange.TryParse(text)))
            .Where(one => one.Range is { } range && !Private.Any(range.IsWithin))
            .Select(one => (one.Text, Range: one.Range!.Value)).ToList();
        if (ranges.Find(one => one.Range.Prefix < (one.Range.IsIpv6 ? BroadestIpv6 : BroadestIpv4)) is { Text: { } broad })
            return broad;
        return IsMost(ranges.Select(one => one.Range).Where(range => !range.IsIpv6), UInt128.One << (32 - BroadestIpv4))
            || IsMost(ranges.Select(one => one.Range).Where(range => range.IsIpv6), UInt128.One << (128 - BroadestIpv6))
                ? $"{ranges.Count} ranges that add up to it"
                : null;
    }

    private static bool IsMost(IEnumerable<AddressRange> ranges, UInt128 piece)
    {
        UInt128 covered = 0;
        UInt128? last = null;
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            var from = last is { } end && range.First <= end ? end + 1 : range.First;
            if (range.Last >= from)
                covered += range.Last - from + 1;
            last = last is { } before && before > range.Last ? before : range.Last;
        }

        return covered >= piece * MaxPieces;
    }
}
