using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Patches;

/// <summary>A change of an object, in one of the three forms that are not an apply: https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply</summary>
internal abstract class Patch
{
    public const string JsonType = "application/json-patch+json";
    public const string MergeType = "application/merge-patch+json";
    public const string StrategicType = "application/strategic-merge-patch+json";

    /// <summary>Whether the patch holds for one version only: a conflict is then the caller's.</summary>
    public abstract bool NamesVersion { get; }

    /// <summary>Gives the patched object; takes the given one over.</summary>
    /// <exception cref="StatusException">422 or 400: the patch does not fit.</exception>
    public abstract JsonObject ApplyTo(JsonObject value);

    /// <exception cref="StatusException">400: not a patch; 415: a form that is not known.</exception>
    public static Patch Read(ApiRequest request, byte[] body) => RequestBody.MediaType(request) switch
    {
        JsonType => JsonPatch.Parse(body),
        MergeType => new MergePatch(Object(body)),
        StrategicType when !request.Kind.IsCustom => new StrategicMergePatch(Object(body), request.Kind),
        _ => throw RequestBody.UnsupportedType(request.Kind.IsCustom ? [JsonType, MergeType, Verbs.ApplyVerb.MediaType] : [JsonType, MergeType, StrategicType, Verbs.ApplyVerb.MediaType]),
    };

    protected static bool HasVersion(JsonObject patch) => patch["metadata"]?["resourceVersion"] is not null;

    private static JsonObject Object(byte[] body) =>
        RequestBody.Parse(body) as JsonObject ?? throw StatusException.BadRequest("the patch is not a JSON object");
}

/// <summary>RFC 7386.</summary>
internal sealed class MergePatch(JsonObject patch) : Patch
{
    public override bool NamesVersion => HasVersion(patch);

    public override JsonObject ApplyTo(JsonObject value)
    {
        Merge(value, patch);
        return value;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, change) in patch)
        {
            if (change is null)
                target.Remove(name);
            else if (change is not JsonObject fields)
                target[name] = change.DeepClone();
            else if (target[name] is JsonObject existing)
                Merge(existing, fields);
            else
            {
                var created = new JsonObject();
                Merge(created, fields);
                target[name] = created;
            }
        }
    }
}
