using System.Text.Json;

namespace HaCluster.Ledger.Indexing.OpenSearch;

/// <summary>Parts of a search, as OpenSearch takes them (https://docs.opensearch.org/latest/query-dsl/).</summary>
internal static class OpenSearchQueries
{
    public static void WriteFilter(Utf8JsonWriter writer, Action<Utf8JsonWriter> write)
    {
        writer.WriteStartObject("query");
        writer.WriteStartObject("bool");
        writer.WriteStartArray("filter");
        write(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteTerm(Utf8JsonWriter writer, string field, string value)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("term");
        writer.WriteString(field, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteRange(Utf8JsonWriter writer, string field, params (string Bound, long? Value)[] bounds)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("range");
        writer.WriteStartObject(field);
        foreach (var (bound, value) in bounds)
        {
            if (value is { } number)
                writer.WriteNumber(bound, number);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteSort(Utf8JsonWriter writer, params string[] fields)
    {
        writer.WriteStartArray("sort");
        foreach (var field in fields)
        {
            writer.WriteStartObject();
            writer.WriteString(field, "asc");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
