using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Tables;

internal enum TableDetail
{
    Header,

    /// <summary>Later rows of a watch come without the columns.</summary>
    RowsOnly,
}

/// <summary>What a row carries besides its cells.</summary>
internal enum RowObject
{
    Metadata,
    None,
    Object,
}

/// <summary>Objects as the rows that <c>kubectl get</c> prints: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables</summary>
internal sealed class TablePrinter(ResourceKind kind, IReadOnlyList<TableColumn> columns)
{
    private static readonly ConditionalWeakTable<ResourceKind, TablePrinter> Printers = [];

    public static TablePrinter For(ResourceKind kind) => Printers.GetValue(kind, static found => new(found, TableColumns.Of(found)));

    public static JsonObject Bookmark(string version, bool isInitialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version, ["creationTimestamp"] = null };
        if (isInitialEnd)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var row = new JsonObject { ["cells"] = new JsonArray(), ["object"] = new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata } };
        return new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version },
            ["columnDefinitions"] = null,
            ["rows"] = new JsonArray(row),
        };
    }

    public void WriteTable(Utf8JsonWriter writer, StoredObject value, RowObject rowObject, TableDetail detail, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "Table");
        writer.WriteString("apiVersion", "meta.k8s.io/v1");
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", value.Text("metadata", "resourceVersion"));
        writer.WriteEndObject();
        if (detail == TableDetail.Header)
            WriteColumns(writer);
        else
            writer.WriteNull("columnDefinitions");
        writer.WriteStartArray("rows");
        WriteRow(writer, value, rowObject, now);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public void WriteColumns(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("columnDefinitions");
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", column.Type);
            writer.WriteString("format", column.Format);
            writer.WriteString("description", "");
            writer.WriteNumber("priority", column.Priority);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    public void WriteRow(Utf8JsonWriter writer, StoredObject value, RowObject rowObject, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("cells");
        foreach (var column in columns)
            WriteCell(writer, column.Cell(value, now));
        writer.WriteEndArray();
        if (rowObject != RowObject.None)
        {
            writer.WritePropertyName("object");
            if (rowObject == RowObject.Object)
                Answer.WriteWhole(writer, kind, value);
            else
                Answer.WriteMetadata(writer, value);
        }
        writer.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter writer, object? cell)
    {
        switch (cell)
        {
            case long number:
                writer.WriteNumberValue(number);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case null:
                writer.WriteStringValue("");
                break;
            default:
                writer.WriteStringValue(cell.ToString());
                break;
        }
    }
}
