using System.Text.Json;
using HaCluster.Ledger.Writing;
using HaCluster.Services;

namespace HaCluster.Ledger.Serving;

/// <summary>How requests are refused.</summary>
internal static class Problems
{
    private const string TypePrefix = "urn:hacluster:ledger:";

    public static Task NotFoundAsync(HttpContext context, string detail) => WriteAsync(context, StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    public static Task UnavailableAsync(HttpContext context, string reason) => WriteAsync(
        context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Records cannot be acknowledged now; send them again", reason);

    public static Task WriteAsync(HttpContext context, int status, string code, string title, string detail, IEnumerable<Conflict>? conflicts = null) =>
        ProblemDocument.WriteAsync(context, status, TypePrefix + code, title, detail, conflicts is null ? null : writer => Write(writer, conflicts));

    private static void Write(Utf8JsonWriter writer, IEnumerable<Conflict> conflicts)
    {
        writer.WriteStartArray("conflicts");
        foreach (var conflict in conflicts)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", conflict.Index);
            writer.WriteString("id", conflict.Id);
            if (conflict.Sequence is { } sequence)
                writer.WriteNumber("sequence", sequence);
            writer.WriteString("detail", conflict.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
