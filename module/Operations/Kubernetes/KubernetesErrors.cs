using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HaCluster.Operations.Kubernetes;

/// <summary>Turns an unsuccessful response into a failure that says what to do.</summary>
internal static partial class KubernetesErrors
{
    /// <summary>Code of a kind that the server does not serve: its definition is not installed.</summary>
    public const string NotServed = "NotServed";

    /// <summary>Code of a watch or list whose version is too old (410).</summary>
    public const string Expired = "Expired";

    public static HaClusterException Of(Call call, HttpResponseMessage response, string body)
    {
        var status = StatusObject.Read(body);
        return Of(call, (int)response.StatusCode, status, RetryAfter(response));
    }

    /// <param name="status">Null when the body is no <c>Status</c> object of Kubernetes.</param>
    public static HaClusterException Of(Call call, int code, StatusObject? status, TimeSpan? retryAfter)
    {
        var message = (status?.Message ?? "").TrimEnd('.');
        var (kind, problem, advice) = (HttpStatusCode)code switch
        {
            HttpStatusCode.Unauthorized => (
                FailureKind.CredentialsExpired, "the API server does not accept the credentials",
                "The token has expired or is for another cluster: log in again (aws sso login) and connect again"),
            HttpStatusCode.Forbidden when message.Length == 0 || Permission().IsMatch(message) => (
                FailureKind.PermissionDenied, $"permission missing: {call.Name}{(message.Length > 0 ? $" ({message})" : "")}",
                "Ask for an EKS access entry or a role that grants it"),
            HttpStatusCode.Forbidden => (FailureKind.Rejected, message, "Change what the policy or quota refuses"),
            HttpStatusCode.NotFound when IsNotServed(message) => (
                FailureKind.NotFound, "the cluster does not serve this kind", "The software that brings its definition is not installed"),
            HttpStatusCode.NotFound => (FailureKind.NotFound, message.Length > 0 ? message : "not found", "Check the name and the namespace"),
            HttpStatusCode.Conflict when status?.Reason == "AlreadyExists" => (FailureKind.AlreadyExists, message, "Choose another name, or change the one that exists"),
            HttpStatusCode.Conflict => (FailureKind.Conflict, message, "Someone else changed it or owns the field: check its current state and try again"),
            HttpStatusCode.Gone => (FailureKind.Conflict, message.Length > 0 ? message : "the version is too old", "List again"),
            HttpStatusCode.TooManyRequests => (FailureKind.Throttled, "the API server asks to slow down" + (message.Length > 0 ? $": {message}" : ""), "Try again later"),
            HttpStatusCode.GatewayTimeout => (FailureKind.TimedOut, "the API server gave up waiting" + (message.Length > 0 ? $": {message}" : ""), "Try again"),
            >= HttpStatusCode.InternalServerError when status is null => (
                FailureKind.ServerFailed, $"HTTP {code} without a Kubernetes status", "A proxy or load balancer may have answered; try again"),
            >= HttpStatusCode.InternalServerError => (FailureKind.ServerFailed, message.Length > 0 ? message : $"HTTP {code}", "Try again; if the problem persists, check the control plane's logs"),
            _ when status is null => (
                FailureKind.NotUnderstood, $"HTTP {code} without a Kubernetes status", "A proxy may have answered, or the endpoint is not a Kubernetes API"),
            _ => (FailureKind.Rejected, message.Length > 0 ? message : $"HTTP {code}", "Correct the request"),
        };
        return new HaClusterException(kind, call.Name, call.Target, problem, advice)
        {
            Status = code,
            Code = code == 410 ? Expired : code == 404 && IsNotServed(message) ? NotServed : status?.Reason,
            RetryAfter = retryAfter ?? (status?.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null),
        };
    }

    private static bool IsNotServed(string message) => message.StartsWith("the server could not find the requested resource", StringComparison.Ordinal) || message == "404 page not found";

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : TimeSpan.Zero,
        _ => null,
    };

    // 'pods is forbidden: User "ada" cannot list resource "pods" in API group "" at the cluster scope'
    [GeneratedRegex("""User "[^"]*" cannot [a-z]+ """)]
    private static partial Regex Permission();
}

/// <summary>The <c>Status</c> object of a failed request.</summary>
internal sealed record StatusObject(string Reason, string Message, IReadOnlyList<(string Reason, string Message)> Causes, int? RetryAfterSeconds)
{
    public static StatusObject? Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            // The API server answers plain text where nothing is served.
            return body.StartsWith("404 page not found", StringComparison.Ordinal) ? new StatusObject("NotFound", "404 page not found", [], null) : null;
        }
    }

    public static StatusObject? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "kind") != "Status")
            return null;
        var details = json.TryGetProperty("details", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var causes = details.ValueKind == JsonValueKind.Object && details.TryGetProperty("causes", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(cause => (Text(cause, "reason"), Text(cause, "message"))).ToList()
            : [];
        int? retry = details.ValueKind == JsonValueKind.Object && details.TryGetProperty("retryAfterSeconds", out var seconds) && seconds.TryGetInt32(out var number) ? number : null;
        return new StatusObject(Text(json, "reason"), Text(json, "message"), causes, retry);
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
