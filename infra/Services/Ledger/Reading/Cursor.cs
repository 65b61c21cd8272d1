using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using HaCluster.Ledger.Indexing;

namespace HaCluster.Ledger.Reading;

/// <summary>
/// Where the next page begins: behind a record, and not after a number of records, so that pages neither overlap nor leave anything out while records arrive. It belongs to
/// one question.
/// </summary>
internal static class Cursor
{
    private const byte Version = 1;
    private const int QuestionSize = 8;
    private const int Size = 1 + QuestionSize + 2 * sizeof(long);

    public static string After(RecordQuery query, IndexRecord last)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        QuestionOf(query, bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + QuestionSize)..], last.Event);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + QuestionSize + sizeof(long))..], last.Sequence);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null: it is not a cursor of this question.</returns>
    public static Place? Read(RecordQuery query, string cursor)
    {
        Span<byte> bytes = stackalloc byte[Size + 2];
        if (cursor.Length > 2 * Size || !Base64Url.IsValid(cursor, out var length) || length != Size || !Base64Url.TryDecodeFromChars(cursor, bytes, out _))
            return null;
        Span<byte> question = stackalloc byte[QuestionSize];
        QuestionOf(query, question);
        return bytes[0] == Version && bytes.Slice(1, QuestionSize).SequenceEqual(question)
            ? new Place(BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + QuestionSize)..]), BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + QuestionSize + sizeof(long))..]))
            : null;
    }

    private static void QuestionOf(RecordQuery query, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{query.Stream}\n{query.From}\n{query.To}\n{string.Join(' ', query.Words)}\n{query.Id}"), hash);
        hash[..QuestionSize].CopyTo(destination);
    }
}
