using System.Text.Json.Nodes;

namespace HaCluster.Twin.Storage;

/// <summary>
/// A refusal in the words of Kubernetes, which becomes a <c>Status</c> object on the wire:
/// https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go
/// </summary>
public sealed class StatusException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Code => code;

    /// <summary>The reason that clients switch on, such as <c>NotFound</c>.</summary>
    public string Reason => reason;

    public JsonObject? Details => details;

    /// <summary>Seconds after which to try again, also sent as <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static StatusException NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.Resource} \"{name}\" not found", About(kind, name));

    public static StatusException AlreadyExists(ResourceKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.Resource} \"{name}\" already exists", About(kind, name));

    public static StatusException Conflict(ResourceKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.Resource} \"{name}\": {why}", About(kind, name));

    /// <summary>The answer to an update that was computed from an old version.</summary>
    public static StatusException Modified(ResourceKind kind, string name) =>
        Conflict(kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static StatusException Forbidden(ResourceKind kind, string name, string why) =>
        new(403, "Forbidden", $"{kind.Resource} \"{name}\" is forbidden: {why}", About(kind, name));

    public static StatusException BadRequest(string why) => new(400, "BadRequest", why);

    public static StatusException Expired(string why) => new(410, "Expired", why);

    public static StatusException Invalid(ResourceKind kind, string name, params IReadOnlyList<FieldError> errors)
    {
        var summary = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        return new(422, "Invalid", $"{kind.QualifiedKind} \"{name}\" is invalid: {summary}", new JsonObject
        {
            ["name"] = name,
            ["group"] = kind.Group.Length == 0 ? null : kind.Group,
            ["kind"] = kind.Kind,
            ["causes"] = new JsonArray([.. errors.Select(error => new JsonObject { ["reason"] = error.Reason, ["message"] = error.Detail, ["field"] = error.Field })]),
        });
    }

    private static JsonObject About(ResourceKind kind, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (kind.Group.Length > 0)
            details["group"] = kind.Group;
        details["kind"] = kind.Plural;
        return details;
    }
}

/// <summary>One fault of an object. The reasons and words are those of https://github.com/kubernetes/apimachinery/blob/master/pkg/util/validation/field/errors.go</summary>
public sealed record FieldError(string Field, string Reason, string Detail)
{
    public static FieldError Required(string field, string why) =>
        new(field, "FieldValueRequired", why.Length == 0 ? "Required value" : $"Required value: {why}");

    /// <param name="value">The value as JSON writes it.</param>
    public static FieldError Invalid(string field, string value, string why) => new(field, "FieldValueInvalid", $"Invalid value: {value}: {why}");

    public static FieldError Forbidden(string field, string why) => new(field, "FieldValueForbidden", $"Forbidden: {why}");

    public override string ToString() => $"{Field}: {Detail}";
}
