using System.Buffers;
using System.Text;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Archives;

/// <summary>Writes one segment: a line that says where it belongs, the entries, and a line that closes it (FORMAT.md).</summary>
internal sealed class SegmentWriter : IDisposable
{
    public const string FormatName = "hacluster.ledger.segment/1";

    private readonly PooledBuffer _content;
    private readonly PooledBuffer _leaves;
    private readonly byte[] _previous = new byte[Hash.HexSize];
    private readonly byte[] _at;
    private readonly long _first;

    /// <param name="capacity">Bytes that it will probably have.</param>
    /// <param name="records">Records that it will probably have.</param>
    public SegmentWriter(string stream, long first, string previous, DateTimeOffset at, string writer, int capacity, int records)
    {
        _first = first;
        _at = Encoding.ASCII.GetBytes(Entry.Format(at));
        Encoding.ASCII.GetBytes(previous, _previous);
        (_content, _leaves) = (new PooledBuffer(capacity), new PooledBuffer(records * Hash.Size));
        _content.Write(Encoding.UTF8.GetBytes($"{{\"first\":{first},\"format\":\"{FormatName}\",\"previous\":\"{previous}\",\"stream\":\"{stream}\",\"writer\":\"{writer}\"}}\n"));
    }

    public int Count => _leaves.Length / Hash.Size;

    /// <summary>Hashes of its entries, one after the other.</summary>
    public ReadOnlySpan<byte> Leaves => _leaves.Span;

    /// <summary>Hash of its last entry.</summary>
    public string Head => Encoding.ASCII.GetString(_previous);

    /// <returns>The sequence of the entry.</returns>
    public long Add(PreparedRecord record)
    {
        var sequence = _first + Count;
        var start = _content.Length;
        Entry.Write(_content, record, _at, _previous, sequence);
        var leaf = _leaves.GetSpan(Hash.Size)[..Hash.Size];
        Hash.Leaf(_content.Span[start..], leaf);
        Convert.TryToHexStringLower(leaf, _previous, out _);
        _leaves.Advance(Hash.Size);
        _content.Write("\n"u8);
        return sequence;
    }

    /// <summary>The whole object; of use until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        var hash = Hash.HexOf(_content.Span);
        _content.Write(Encoding.ASCII.GetBytes($"{{\"count\":{Count},\"head\":\"{Head}\",\"sha256\":\"{hash}\"}}\n"));
        return _content.Memory;
    }

    public void Dispose()
    {
        _content.Dispose();
        _leaves.Dispose();
    }
}
