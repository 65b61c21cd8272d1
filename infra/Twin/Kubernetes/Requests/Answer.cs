using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Tables;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>How a client wants objects: whole, as rows for people, or their metadata only.</summary>
internal enum View
{
    Object,
    Table,
    Metadata,
}

/// <summary>Writes objects and lists in the view that the client accepts.</summary>
internal static class Answer
{
    private const int FlushBytes = 64 * 1024;

    /// <exception cref="StatusException">406: the client accepts nothing that is written here. Protobuf is not.</exception>
    public static View ViewOf(ApiRequest request)
    {
        var accept = request.Http.Request.Headers.Accept.ToString();
        if (accept.Length == 0)
            return View.Object;
        foreach (var choice in accept.Split(','))
        {
            var parts = choice.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "*/*" or "application/*"))
                continue;
            var wanted = parts.FirstOrDefault(part => part.StartsWith("as=", StringComparison.Ordinal))?[3..];
            if (wanted is null)
                return View.Object;
            if (wanted == "Table")
                return View.Table;
            if (wanted is "PartialObjectMetadata" or "PartialObjectMetadataList")
                return View.Metadata;
        }
        throw new StatusException(406, "NotAcceptable", "only the following media types are accepted: application/json");
    }

    public static async Task WriteAsync(ApiRequest request, StoredObject value, int status = 200)
    {
        var view = ViewOf(request);
        Begin(request, status);
        await using var writer = new Utf8JsonWriter(request.Http.Response.BodyWriter, StoredJson.Writer);
        WriteObject(writer, request, value, view, TableDetail.Header);
        await writer.FlushAsync(request.Cancellation);
    }

    public static async Task WriteListAsync(ApiRequest request, ListPage page)
    {
        var view = ViewOf(request);
        var (http, kind) = (request.Http, request.Kind);
        Begin(request, 200);
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, StoredJson.Writer);
        writer.WriteStartObject();
        writer.WriteString("kind", view switch { View.Table => "Table", View.Metadata => "PartialObjectMetadataList", _ => kind.ListKind });
        writer.WriteString("apiVersion", view == View.Object ? kind.ApiVersion : "meta.k8s.io/v1");
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", page.ResourceVersion.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (page.Continue is { } token)
            writer.WriteString("continue", token);
        if (page.Remaining is { } remaining)
            writer.WriteNumber("remainingItemCount", remaining);
        writer.WriteEndObject();
        var table = view == View.Table ? TablePrinter.For(kind) : null;
        table?.WriteColumns(writer);
        writer.WriteStartArray(table is null ? "items" : "rows");
        foreach (var item in page.Items)
        {
            if (table is not null)
                table.WriteRow(writer, item, RowObjectOf(request), request.Now);
            else
                WriteObject(writer, request, item, view, TableDetail.Header);
            if (writer.BytesPending > FlushBytes)
            {
                // Two steps: the first hands the bytes to the response's pipe, the second sends them.
                writer.Flush();
                await http.Response.BodyWriter.FlushAsync(request.Cancellation);
            }
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(request.Cancellation);
    }

    /// <summary>An object as the client wants it, in the version of the request's path.</summary>
    public static void WriteObject(Utf8JsonWriter writer, ApiRequest request, StoredObject value, View view, TableDetail detail)
    {
        if (view == View.Table)
            TablePrinter.For(request.Kind).WriteTable(writer, value, RowObjectOf(request), detail, request.Now);
        else if (view == View.Metadata)
            WriteMetadata(writer, value);
        else
            WriteWhole(writer, request.Kind, value);
    }

    /// <summary>The bytes as stored; another version of a custom resource differs in its apiVersion only (conversion strategy None).</summary>
    public static void WriteWhole(Utf8JsonWriter writer, ResourceKind kind, StoredObject value)
    {
        if (value.Kind.ApiVersion == kind.ApiVersion)
        {
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
            return;
        }
        var converted = value.ToJson();
        converted["apiVersion"] = kind.ApiVersion;
        converted.WriteTo(writer, StoredJson.Options);
    }

    public static void WriteMetadata(Utf8JsonWriter writer, StoredObject value)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "PartialObjectMetadata");
        writer.WriteString("apiVersion", "meta.k8s.io/v1");
        writer.WritePropertyName("metadata");
        value.Root.GetProperty("metadata").WriteTo(writer);
        writer.WriteEndObject();
    }

    public static Task WriteJsonAsync(ApiRequest request, JsonNode value, int status = 200) => StatusWriter.WriteAsync(request.Http, status, value);

    private static RowObject RowObjectOf(ApiRequest request) => request.Query("includeObject") switch
    {
        "None" => RowObject.None,
        "Object" => RowObject.Object,
        _ => RowObject.Metadata,
    };

    private static void Begin(ApiRequest request, int status)
    {
        request.Http.Response.StatusCode = status;
        request.Http.Response.ContentType = "application/json";
        request.Http.Response.Headers.CacheControl = "no-cache, private";
    }
}
