using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson.Exceptions;

namespace HaCluster.Twin.Kubernetes.Patches;

/// <summary>RFC 6902.</summary>
internal sealed class JsonPatch : Patch
{
    private static readonly string[] Operations = ["add", "remove", "replace", "move", "copy", "test"];
    private readonly JsonPatchDocument _operations;

    private JsonPatch(JsonPatchDocument operations, bool namesVersion) => (_operations, NamesVersion) = (operations, namesVersion);

    public override bool NamesVersion { get; }

    public static JsonPatch Parse(byte[] body)
    {
        if (RequestBody.Parse(body) is not JsonArray operations)
            throw StatusException.BadRequest("the patch is not a JSON array of operations");
        foreach (var operation in operations)
        {
            // The library leaves out operations that it does not know.
            if (operation is not JsonObject || !Operations.Contains((string?)operation["op"]) || (string?)operation["path"] is not { Length: > 0 })
                throw StatusException.BadRequest($"the patch has an operation that is not valid: {operation?.ToJsonString() ?? "null"}");
        }
        var namesVersion = operations.Any(operation => (string?)operation!["path"] == "/metadata/resourceVersion");
        return new(JsonSerializer.Deserialize<JsonPatchDocument>(body)!, namesVersion);
    }

    public override JsonObject ApplyTo(JsonObject value)
    {
        try
        {
            _operations.ApplyTo(value);
            return value;
        }
        catch (Exception error) when (error is JsonPatchException or ArgumentException or InvalidOperationException or JsonException)
        {
            throw new StatusException(422, "Invalid", $"the server rejected our request due to an error in our request: {error.Message}", []);
        }
    }
}
