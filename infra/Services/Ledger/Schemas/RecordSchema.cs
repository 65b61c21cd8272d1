using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaCluster.Ledger.Records;
using Json.Schema;

namespace HaCluster.Ledger.Schemas;

/// <summary>
/// What the data of a stream's records has to look like: JSON Schema 2020-12. Stricter than the standard where a mistake would go unnoticed: unknown keywords,
/// other dialects, and references to anything outside of the file are refused when it is read. Nothing is ever fetched.
/// </summary>
internal sealed class RecordSchema
{
    /// <summary>Faults that are named in an answer.</summary>
    private const int MostFaults = 10;

    private static readonly Dialect Strict = Dialect.Draft202012.With([BoundedPattern.Instance, BoundedPatternProperties.Instance], new Uri("urn:hacluster:ledger:dialect"), false, false);
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonSchema _schema;

    private RecordSchema(JsonSchema schema) => _schema = schema;

    /// <exception cref="FormatException">It is not such a schema; the message says why.</exception>
    public static RecordSchema Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            SchemaRules.Check(node);
            // Else the dialect that it names would be taken, with patterns that are not bounded.
            (node as JsonObject)?.Remove("$schema");
            var document = JsonSerializer.SerializeToElement(node, SchemaJson.Default.JsonNode);
            // A registry of its own: another stream's schema may have the same $id.
            var schema = JsonSchema.Build(document, new BuildOptions { SchemaRegistry = new SchemaRegistry(), Dialect = Strict }, new Uri("urn:hacluster:ledger:schema"));
            return new RecordSchema(schema);
        }
        catch (Exception exception) when (exception is JsonException or JsonSchemaException or RefResolutionException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new FormatException($"it is not a schema that can be used: {exception.Message}", exception);
        }
    }

    /// <exception cref="RejectedException">The data does not fit; the message says where, without its values.</exception>
    public void Check(ReadOnlyMemory<byte> data)
    {
        using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth + 1 });
        EvaluationResults result;
        try
        {
            result = _schema.Evaluate(document.RootElement, Options);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new RejectedException("schema", "a pattern of the schema took too long");
        }

        if (result.IsValid)
            return;
        var faults = (result.Details ?? []).Where(part => part.Errors is { Count: > 0 })
            .SelectMany(part => part.Errors!.Keys.Select(keyword => $"/data{part.InstanceLocation} ({(keyword.Length > 0 ? keyword : "not allowed")})")).Distinct().ToArray();
        throw new RejectedException(
            "schema",
            $"the data does not fit the schema of its stream at {string.Join(", ", faults.Take(MostFaults))}{(faults.Length > MostFaults ? $" and {faults.Length - MostFaults} more places" : "")}");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonNode))]
internal sealed partial class SchemaJson : System.Text.Json.Serialization.JsonSerializerContext;
