using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Subresources;

/// <summary>Questions about the caller: who am I, may I? Answered, never stored.</summary>
internal static class Reviews
{
    public static async Task AnswerAsync(ApiRequest request)
    {
        var review = await RequestBody.ReadObjectAsync(request);
        review["kind"] = request.Kind.Kind;
        review["apiVersion"] = request.Kind.ApiVersion;
        review["metadata"] ??= new JsonObject();
        review["status"] = request.Kind.Kind switch
        {
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = UserInfo(request.User) },
            "SelfSubjectAccessReview" => Access(request.User, review["spec"]?["resourceAttributes"]),
            _ => throw new StatusException(501, "NotImplemented", $"{request.Kind.Kind} asks about other users than the caller; this server answers for the caller only"),
        };
        await Answer.WriteJsonAsync(request, review, 201);
    }

    private static JsonObject UserInfo(ApiUser user) => new()
    {
        ["username"] = user.Name,
        ["groups"] = new JsonArray([.. user.Groups.Select(group => JsonValue.Create(group))]),
    };

    private static JsonObject Access(ApiUser user, JsonNode? asked)
    {
        string Field(string name) => (string?)asked?[name] ?? "";
        string? Optional(string name) => Field(name) is { Length: > 0 } text ? text : null;
        var resource = Optional("subresource") is { } subresource ? $"{Field("resource")}/{subresource}" : Field("resource");
        var isAllowed = user.May(new(Field("verb"), Field("group"), resource, Optional("namespace"), Optional("name")));
        return new() { ["allowed"] = isAllowed };
    }
}
