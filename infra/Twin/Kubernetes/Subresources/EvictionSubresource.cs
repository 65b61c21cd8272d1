using System.Text.Json.Nodes;
using HaCluster.Twin.Kubernetes.Admission;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Kubernetes.Tables;
using HaCluster.Twin.Kubernetes.Verbs;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Subresources;

/// <summary>
/// Deletes a pod if its budget allows it: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ , with the words of
/// https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/storage/eviction.go
/// </summary>
internal sealed class EvictionSubresource(ObjectStore store)
{
    private const int MaxDisruptedPods = 2000;

    private readonly DisruptionController _controller = new(store);
    private readonly ResourceKind _budgets = store.Kinds["poddisruptionbudgets.policy"];

    public async Task CreateAsync(ApiRequest request)
    {
        var eviction = await RequestBody.ReadObjectAsync(request);
        if ((string?)eviction["metadata"]?["name"] is { Length: > 0 } name && name != request.Name)
            throw StatusException.BadRequest("name in URL does not match name in Eviction object");
        var options = DeleteVerbs.Read(request, eviction["deleteOptions"] as JsonObject ?? []);
        Evict(request, options);
        await Answer.WriteJsonAsync(request, StatusWriter.Success(), 201);
    }

    private void Evict(ApiRequest request, DeleteRequest options)
    {
        var pod = store.Get(request.Kind, request.Namespace, request.Name!);
        if (!IgnoresBudgets(pod) && BudgetOf(pod) is { } budget)
        {
            var status = _controller.Reconcile(budget) ?? budget;
            if (CountsAsHealthy(pod, status))
                CheckAndDecrement(pod, status, options.DryRun);
            else
                // Not ready, so it is not counted; unless it became ready since it was read.
                options = options with { ResourceVersion = options.ResourceVersion ?? pod.Text("metadata", "resourceVersion") };
        }
        store.Delete(request.Kind, request.Namespace, request.Name!, options);
    }

    private static bool IgnoresBudgets(StoredObject pod) => pod.IsDeleting || pod.Text("status", "phase") is "Succeeded" or "Failed" or "Pending";

    private StoredObject? BudgetOf(StoredObject pod)
    {
        var matching = store.List(_budgets, pod.Namespace).Items.Where(budget => DisruptionBudget.SelectorOf(budget)?.Matches(pod.Labels) ?? false).ToList();
        return matching.Count <= 1
            ? matching.FirstOrDefault()
            : throw new StatusException(500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    }

    // https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
    private static bool CountsAsHealthy(StoredObject pod, StoredObject budget)
    {
        if (PodColumns.IsReady(pod))
            return true;
        if (budget.Text("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow")
            return false;
        var desired = budget.Number("status", "desiredHealthy") ?? 0;
        return !(desired > 0 && budget.Number("status", "currentHealthy") >= desired);
    }

    private void CheckAndDecrement(StoredObject pod, StoredObject budget, bool dryRun)
    {
        var isAllowed = false;
        // In one step with the check: two evictions at once must not share the last disruption.
        store.Change(_budgets, budget.Namespace, budget.Name, copy =>
        {
            var status = copy["status"]!.AsObject();
            var allowed = status["disruptionsAllowed"].AsLong() ?? 0;
            if (allowed <= 0)
                throw Refusal(budget.Name, status);
            isAllowed = true;
            if (dryRun)
                return;
            if (status["disruptedPods"] is not JsonObject disrupted)
                status["disruptedPods"] = disrupted = [];
            if (disrupted.Count > MaxDisruptedPods)
                throw StatusException.Forbidden(_budgets, budget.Name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
            disrupted[pod.Name] = ObjectStore.Timestamp(store.Now);
            status["disruptionsAllowed"] = allowed - 1;
            DisruptionBudget.SetCondition(status, budget.Generation, store.Now);
        });
        if (!isAllowed)
            throw StatusException.NotFound(_budgets, budget.Name);
    }

    private static StatusException Refusal(string budget, JsonObject status)
    {
        var cause = new JsonObject
        {
            ["reason"] = "DisruptionBudget",
            ["message"] = $"The disruption budget {budget} needs {status["desiredHealthy"].AsLong() ?? 0} healthy pods and has {status["currentHealthy"].AsLong() ?? 0} currently",
        };
        return new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", new() { ["causes"] = new JsonArray(cause) });
    }
}
