using System.Buffers.Binary;
using System.Security.Cryptography;
using HaCluster.Ledger.Archives;
using HaCluster.Services;
using Microsoft.Win32.SafeHandles;

namespace HaCluster.Ledger.Writing;

/// <summary>
/// A local file with the segments of a stream that no checkpoint covers yet, one behind the other: the last one may still be on its way into the archive, and an
/// archive that loses one gets it back from here. When a checkpoint covers them, the next one is written over the first. A torn one is recognised by its hash and
/// was never acknowledged.
/// </summary>
internal sealed class Spool : IDisposable
{
    /// <summary>Bytes from which a checkpoint is due, so that the file can be used from its beginning again.</summary>
    public const long Due = 16 << 20;

    // When no checkpoint can be signed, older segments are given up at this size.
    private const long Most = 64 << 20;

    // Length of the segment, round of the file, hash of both and of the segment.
    private const int RoundSize = 8;
    private const int HashStart = 8 + RoundSize;
    private const int HeaderSize = HashStart + SHA256.HashSizeInBytes;

    private readonly SafeFileHandle _file;
    private readonly IFaultPoints _faults;
    private readonly List<Place> _places = [];

    // Tells the segments of this round from those that an earlier one left behind them.
    private readonly byte[] _round = RandomNumberGenerator.GetBytes(RoundSize);

    private Spool(SafeFileHandle file, IFaultPoints faults) => (_file, _faults) = (file, faults);

    /// <summary>Bytes of the segments that are kept.</summary>
    public long Size => _places is [.., var last] ? last.End : 0;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static Spool Open(string folder, string stream, IFaultPoints faults)
    {
        var path = Path.Combine(folder, $"{stream}.segment");
        var isNew = !File.Exists(path);
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            if (isNew)
                NativeMethods.SyncFolder(folder);
            var spool = new Spool(file, faults);
            spool.FindPlaces();
            return spool;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Names of the streams that have a file in the folder.</summary>
    public static IEnumerable<string> StreamsOf(string folder) => Directory.EnumerateFiles(folder, "*.segment").Select(file => Path.GetFileNameWithoutExtension(file)!);

    /// <summary>It survives a power cut when this returns.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public void Write(ReadOnlySpan<byte> segment)
    {
        if (Size + HeaderSize + segment.Length > Most)
            Restart();
        var place = new Place(Size, segment.Length);
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteInt64BigEndian(header, segment.Length);
        _round.CopyTo(header[8..]);
        HashOf(header[..HashStart], segment, header[HashStart..]);
        Disk.Write(_file, header, place.Start);
        var half = segment.Length / 2;
        Disk.Write(_file, segment[..half], place.Content);
        _faults.Reach(FaultPoint.SpoolTorn);
        Disk.Write(_file, segment[half..], place.Content + half);
        _faults.Reach(FaultPoint.SpoolWritten);
        RandomAccess.FlushToDisk(_file);
        _places.Add(place);
        _faults.Reach(FaultPoint.SpoolSynced);
    }

    /// <summary>Gives up the last segment: another instance has taken its place in the stream.</summary>
    public void TakeBack() => _places.RemoveAt(_places.Count - 1);

    /// <summary>Gives up all segments: a checkpoint covers them.</summary>
    public void Restart()
    {
        _places.Clear();
        RandomNumberGenerator.Fill(_round);
    }

    /// <summary>The segments that are kept, the oldest first.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<byte[]> Read() => _places.Select(place => Read(place.Content, place.Length) ?? throw new IOException("the file of the spool was cut off"));

    public void Dispose() => _file.Dispose();

    private static void HashOf(ReadOnlySpan<byte> start, ReadOnlySpan<byte> segment, Span<byte> hash)
    {
        using var hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hasher.AppendData(start);
        hasher.AppendData(segment);
        hasher.GetHashAndReset(hash);
    }

    private void FindPlaces()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        while (Read(Size, HeaderSize) is { } header)
        {
            var length = BinaryPrimitives.ReadInt64BigEndian(header);
            var isFirst = _places.Count == 0;
            if (length <= 0 || length > Most || (!isFirst && !header.AsSpan(8, RoundSize).SequenceEqual(_round)) || Read(Size + HeaderSize, (int)length) is not { } segment)
                return;
            HashOf(header.AsSpan(0, HashStart), segment, hash);
            if (!hash.SequenceEqual(header.AsSpan(HashStart)))
                return;
            if (isFirst)
                header.AsSpan(8, RoundSize).CopyTo(_round);
            _places.Add(new Place(Size, (int)length));
        }
    }

    /// <returns>Null when the file ends before.</returns>
    private byte[]? Read(long start, int length)
    {
        if (RandomAccess.GetLength(_file) - start < length)
            return null;
        var content = new byte[length];
        for (var read = 0; read < length;)
        {
            var count = RandomAccess.Read(_file, content.AsSpan(read), start + read);
            if (count == 0)
                return null;
            read += count;
        }

        return content;
    }

    private readonly record struct Place(long Start, int Length)
    {
        public long Content => Start + HeaderSize;

        public long End => Content + Length;
    }
}
