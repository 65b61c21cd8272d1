using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>Delete one object, or all that a selection names.</summary>
internal sealed class DeleteVerbs(ObjectStore store)
{
    // https://github.com/kubernetes/kubernetes/tree/master/pkg/registry: ReturnDeletedObject is true
    private static readonly string[] ReturnsObject =
        ["pods", "services", "serviceaccounts", "persistentvolumes", "persistentvolumeclaims", "resourcequotas", "podtemplates"];

    public async Task DeleteAsync(ApiRequest request)
    {
        var options = Read(request, await RequestBody.ReadOptionsAsync(request));
        var result = store.Delete(request.Kind, request.Namespace, request.Name!, options);
        if (result.IsGone && !ReturnsObject.Contains(request.Kind.Resource))
            await Answer.WriteJsonAsync(request, StatusWriter.Deleted(result.Object));
        else
            await Answer.WriteAsync(request, result.Object);
    }

    public async Task DeleteCollectionAsync(ApiRequest request)
    {
        if (request.Kind.Namespaced && request.Namespace is null)
            throw RequestPipeline.NotAllowed();
        var options = Read(request, await RequestBody.ReadOptionsAsync(request));
        var wanted = Selection.Of(request);
        var list = store.List(request.Kind, request.Namespace);
        var selected = list.Items.Where(wanted.Matches).ToList();
        foreach (var item in selected)
        {
            try
            {
                store.Delete(item.Kind, item.Namespace, item.Name, options);
            }
            catch (StatusException gone) when (gone.Code == 404)
            {
                // It went with an owner that was deleted before it.
            }
        }
        await Answer.WriteListAsync(request, new(selected, store.ResourceVersion));
    }

    /// <summary>Options come in the body, or as parameters of the query.</summary>
    public static DeleteRequest Read(ApiRequest request, JsonObject body)
    {
        var policy = (string?)body["propagationPolicy"] ?? request.Query("propagationPolicy");
        var orphans = (bool?)body["orphanDependents"] ?? request.Flag("orphanDependents");
        var isDryRun = request.IsDryRun || body["dryRun"] is JsonArray { Count: > 0 };
        return new DeleteRequest
        {
            GracePeriodSeconds = body["gracePeriodSeconds"].AsLong() ?? request.Number("gracePeriodSeconds"),
            Propagation = policy switch
            {
                null => orphans ? DeletionPropagation.Orphan : DeletionPropagation.Background,
                "Background" => DeletionPropagation.Background,
                "Foreground" => DeletionPropagation.Foreground,
                "Orphan" => DeletionPropagation.Orphan,
                _ => throw StatusException.BadRequest($"propagationPolicy is \"{policy}\"; supported values: \"Foreground\", \"Background\", \"Orphan\""),
            },
            Uid = (string?)body["preconditions"]?["uid"],
            ResourceVersion = (string?)body["preconditions"]?["resourceVersion"],
            DryRun = isDryRun,
        };
    }
}
