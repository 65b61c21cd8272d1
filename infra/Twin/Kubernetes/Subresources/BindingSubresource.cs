using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Subresources;

/// <summary>Puts a pod on a node, as a scheduler asks.</summary>
internal sealed class BindingSubresource(ObjectStore store)
{
    public async Task CreateAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadObjectAsync(request);
        if ((string?)body["target"]?["name"] is not { Length: > 0 } node)
            throw StatusException.Invalid(request.Kind, request.Name!, FieldError.Required("target.name", ""));
        store.Get(request.Kind, request.Namespace, request.Name!);
        store.Change(request.Kind, request.Namespace, request.Name!, pod =>
        {
            if ((string?)pod["spec"]?["nodeName"] is { Length: > 0 } current)
                throw StatusException.Conflict(request.Kind, request.Name!, $"pod {request.Name} is already assigned to node \"{current}\"");
            pod["spec"]!["nodeName"] = node;
        });
        await Answer.WriteJsonAsync(request, StatusWriter.Success(), 201);
    }
}
