using System.Text;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>Names in OpenSearch. Names of streams have no dot: so a pattern for one stream never takes in another.</summary>
internal static class OpenSearchNames
{
    public const string Template = "ledger";

    public const string Positions = "ledger.positions";

    public const string DeadLetters = "ledger.dead-letters";

    /// <summary>The index of a record: by the month in which it happened.</summary>
    public static string IndexOf(string stream, IndexRecord record) => $"ledger.{stream}.{EventTime.MonthOf(record.Event, Entry.ParseTime(record.At))}";

    /// <summary>All indexes of a stream.</summary>
    public static string AllOf(string stream) => $"ledger.{stream}.*";

    /// <summary>Of a document: the same whenever, and by whomever, a record is indexed.</summary>
    public static string IdOf(string stream, long sequence) => Hash.HexOf(Encoding.UTF8.GetBytes($"{stream}/{sequence}"));
}
