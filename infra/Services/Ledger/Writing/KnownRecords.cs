using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace HaCluster.Ledger.Writing;

/// <summary>
/// The records that a repeated one would be recognised among: the last ones of a stream, as many as the window has, at 40 bytes each. They follow one another, so
/// that the place of a record gives its sequence; a table of places, open and half empty, finds one by its key.
/// </summary>
internal sealed class KnownRecords(int window)
{
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private const int SmallestTable = 64;
    private const uint Free = 0;

    // Who chooses ids must not choose which of them meet in the table.
    private static readonly ulong Salt = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private readonly Dictionary<long, Entry[]> _chunks = [];
    private Entry[]? _spare;
    private uint[] _table = new uint[SmallestTable];
    private int _shift = 64 - int.Log2(SmallestTable);
    private long _first = 1;
    private long _next = 1;

    public int Count => (int)(_next - _first);

    public bool TryFind(UInt128 key, out Known known)
    {
        for (var slot = HomeOf(key); _table[slot] != Free; slot = After(slot))
        {
            var sequence = SequenceOf(_table[slot]);
            ref var entry = ref At(sequence);
            if (entry.Key == key)
            {
                known = new Known(entry.Content, sequence);
                return true;
            }
        }

        known = default;
        return false;
    }

    /// <summary>Knows a record, which may not be stored yet. Of two with one key the later one is known.</summary>
    public void Add(UInt128 key, UInt128 content, long sequence)
    {
        if (sequence != _next)
        {
            // The first one, or the first behind records that are not there any more.
            Clear();
            _first = _next = sequence;
        }

        if (2 * (Count + 1) > _table.Length)
            Grow();
        if (!_chunks.ContainsKey(sequence >> ChunkBits))
        {
            _chunks.Add(sequence >> ChunkBits, _spare ?? new Entry[ChunkSize]);
            _spare = null;
        }

        At(sequence) = new Entry(key, content);
        _next++;
        Enter(sequence);
    }

    /// <summary>Takes back records that were not stored.</summary>
    /// <param name="from">The first of them.</param>
    public void TakeBack(long from)
    {
        while (_next > Math.Max(from, _first))
        {
            Leave(_next - 1);
            _next--;
            if ((_next & (ChunkSize - 1)) == 0)
                Release(_next >> ChunkBits);
        }
    }

    /// <summary>Forgets what is older than the window.</summary>
    public void Forget()
    {
        while (Count > window)
        {
            Leave(_first);
            _first++;
            if ((_first & (ChunkSize - 1)) == 0)
                Release((_first - 1) >> ChunkBits);
        }
    }

    private ref Entry At(long sequence) => ref _chunks[sequence >> ChunkBits][sequence & (ChunkSize - 1)];

    private void Release(long chunk)
    {
        if (_chunks.Remove(chunk, out var entries))
            _spare = entries;
    }

    private void Clear()
    {
        _chunks.Clear();
        Array.Clear(_table);
    }

    private int HomeOf(UInt128 key) => (int)((((ulong)key ^ Salt) * 0x9E3779B97F4A7C15) >> _shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int After(int slot) => (slot + 1) & (_table.Length - 1);

    // 32 bits tell the sequences of a window apart; that of a free place is left out.
    private static uint CodeOf(long sequence) => (uint)(sequence % uint.MaxValue) + 1;

    private long SequenceOf(uint code)
    {
        var distance = (long)code - CodeOf(_first);
        return _first + (distance < 0 ? distance + uint.MaxValue : distance);
    }

    private void Enter(long sequence)
    {
        var key = At(sequence).Key;
        var slot = HomeOf(key);
        while (_table[slot] != Free && At(SequenceOf(_table[slot])).Key != key)
            slot = After(slot);
        _table[slot] = CodeOf(sequence);
    }

    private void Leave(long sequence)
    {
        var (slot, code) = (HomeOf(At(sequence).Key), CodeOf(sequence));
        while (_table[slot] != code)
        {
            // A later record has its key.
            if (_table[slot] == Free)
                return;
            slot = After(slot);
        }

        // Those behind it that would not be found across the hole move into it.
        var mask = _table.Length - 1;
        for (var next = After(slot); _table[next] != Free; next = After(next))
        {
            var home = HomeOf(At(SequenceOf(_table[next])).Key);
            if (((next - home) & mask) < ((next - slot) & mask))
                continue;
            _table[slot] = _table[next];
            slot = next;
        }

        _table[slot] = Free;
    }

    private void Grow()
    {
        _table = new uint[2 * _table.Length];
        _shift--;
        for (var sequence = _first; sequence < _next; sequence++)
            Enter(sequence);
    }

    private readonly record struct Entry(UInt128 Key, UInt128 Content);
}

/// <param name="Content">What it was a hash of: <see cref="Records.PreparedRecord.Content"/>.</param>
internal readonly record struct Known(UInt128 Content, long Sequence);
