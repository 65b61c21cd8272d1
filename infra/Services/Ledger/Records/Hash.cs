using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace HaCluster.Ledger.Records;

/// <summary>SHA-256 in the uses that FORMAT.md names.</summary>
internal static class Hash
{
    public const int Size = SHA256.HashSizeInBytes;

    public const int HexSize = 2 * Size;

    /// <summary>What the first entry and the first checkpoint have as the previous one.</summary>
    public static string None { get; } = new('0', HexSize);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private const int LongestOnStack = 4096;

    /// <summary>Of an entry: a leaf of the tree (https://www.rfc-editor.org/rfc/rfc6962#section-2.1).</summary>
    public static void Leaf(ReadOnlySpan<byte> entry, Span<byte> destination)
    {
        var length = entry.Length + 1;
        var rented = length > LongestOnStack ? System.Buffers.ArrayPool<byte>.Shared.Rent(length) : null;
        var input = rented is null ? stackalloc byte[LongestOnStack] : rented;
        input[0] = 0;
        entry.CopyTo(input[1..]);
        SHA256.HashData(input[..length], destination);
        if (rented is not null)
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
    }

    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        var hash = new byte[Size];
        Leaf(entry, hash);
        return hash;
    }

    /// <summary>Of two subtrees.</summary>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Size];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Size)..]);
        SHA256.HashData(input, destination);
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    public static string HexOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(content, hash);
        return Hex(hash);
    }

    /// <summary>Enough of a hash to tell records apart, in a quarter of the memory of its text.</summary>
    public static UInt128 Short(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(content, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public static bool IsHex(string? text) => text is { Length: HexSize } && !text.AsSpan().ContainsAnyExcept(HexDigits);
}
