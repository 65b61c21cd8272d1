using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HaCluster.Stack.Settings.Network;

/// <summary>A block of IPv4 addresses, aligned to its own size.</summary>
public readonly record struct Ipv4Cidr
{
    private static readonly Ipv4Cidr[] PrivateBlocks =
        [Parse("10.0.0.0/8"), Parse("172.16.0.0/12"), Parse("192.168.0.0/16"), Parse("100.64.0.0/10")];

    private Ipv4Cidr(uint network, int prefix)
    {
        Network = network;
        Prefix = prefix;
    }

    /// <summary>First address of the block.</summary>
    public uint Network { get; }

    /// <summary>Length of the prefix, 0 to 32.</summary>
    public int Prefix { get; }

    /// <summary>Number of addresses in the block.</summary>
    public long Size => 1L << (32 - Prefix);

    /// <summary>Whether the block lies in private space (RFC 1918, and RFC 6598 which a VPC accepts too).</summary>
    public bool IsPrivate
    {
        get
        {
            var block = this;
            return PrivateBlocks.Any(wide => wide.Contains(block));
        }
    }

    /// <summary>Reads a block that is written in this program; a wrong one is a defect of the program.</summary>
    public static Ipv4Cidr Parse(string text) =>
        TryParse(text, out var cidr, out var fault) ? cidr : throw new FormatException($"'{text}': {fault}");

    /// <summary>Reads <c>a.b.c.d/n</c>; <paramref name="fault"/> is what to write instead.</summary>
    public static bool TryParse(string text, out Ipv4Cidr cidr, out string fault)
    {
        cidr = default;
        fault = "write an IPv4 block such as 10.0.0.0/16";
        var parts = text.Split('/');
        if (parts.Length != 2
            || parts[0].Split('.').Length != 4
            || !IPAddress.TryParse(parts[0], out var address)
            || address.AddressFamily != AddressFamily.InterNetwork
            || address.ToString() != parts[0]
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || prefix > 32)
            return false;

        var bits = BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
        var aligned = Aligned(bits, prefix);
        if (aligned.Network != bits)
        {
            fault = $"the address is inside the block, not its start: write {aligned}";
            return false;
        }

        cidr = aligned;
        return true;
    }

    /// <summary>The block of the given prefix that starts <paramref name="index"/> blocks after the start of this one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The block would lie outside this one.</exception>
    public Ipv4Cidr Subnet(int prefix, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefix, Prefix);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix, 32);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, 1L << (prefix - Prefix));
        return new Ipv4Cidr(Network + (uint)(index * (1L << (32 - prefix))), prefix);
    }

    public bool Contains(Ipv4Cidr other) => other.Prefix >= Prefix && Aligned(other.Network, Prefix).Network == Network;

    public bool Overlaps(Ipv4Cidr other) => Contains(other) || other.Contains(this);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Network);
        return $"{new IPAddress(bytes)}/{Prefix}";
    }

    private static Ipv4Cidr Aligned(uint address, int prefix) =>
        new(prefix == 0 ? 0 : address & (uint.MaxValue << (32 - prefix)), prefix);
}
