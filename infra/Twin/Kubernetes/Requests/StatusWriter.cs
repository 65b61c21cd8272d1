using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>Writes <c>Status</c> objects: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/</summary>
internal static class StatusWriter
{
    public static Task WriteAsync(HttpContext http, StatusException refusal)
    {
        if (http.Response.HasStarted)
            return Task.CompletedTask;
        if (refusal.RetryAfterSeconds is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(http, refusal.Code, Failure(refusal));
    }

    public static JsonObject Failure(StatusException refusal)
    {
        var details = refusal.Details?.DeepClone().AsObject();
        if (refusal.RetryAfterSeconds is { } seconds)
            (details ??= [])["retryAfterSeconds"] = seconds;
        if (details is not null && details["group"] is null)
            details.Remove("group");
        var status = Empty("Failure");
        status["message"] = refusal.Message;
        status["reason"] = refusal.Reason;
        if (details is not null)
            status["details"] = details;
        status["code"] = refusal.Code;
        return status;
    }

    /// <summary>The answer to a deletion that is complete.</summary>
    public static JsonObject Deleted(StoredObject gone)
    {
        var details = new JsonObject { ["name"] = gone.Name };
        if (gone.Kind.Group.Length > 0)
            details["group"] = gone.Kind.Group;
        details["kind"] = gone.Kind.Plural;
        details["uid"] = gone.Uid;
        var status = Empty("Success");
        status["details"] = details;
        return status;
    }

    public static JsonObject Success()
    {
        var status = Empty("Success");
        status["code"] = 201;
        return status;
    }

    public static async Task WriteAsync(HttpContext http, int code, JsonNode body)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, private";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, StoredJson.Writer);
        body.WriteTo(writer, StoredJson.Options);
        await writer.FlushAsync(http.RequestAborted);
    }

    private static JsonObject Empty(string outcome) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = outcome,
    };
}
