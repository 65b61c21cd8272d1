using System.Globalization;
using k8s.Models;

namespace HaCluster.Operations.Kubernetes;

/// <summary>A service and the pods that it selects.</summary>
/// <param name="Pods">In the order of their names; none that is deleted or has ended.</param>
internal sealed record ServicePods(V1Service Service, IReadOnlyList<V1Pod> Pods)
{
    public IEnumerable<V1Pod> Ready => Pods.Where(pod => pod.Status?.Conditions?.Any(one => one is { Type: "Ready", Status: "True" }) == true);

    /// <returns>Null: there is no such service, or it selects no pods.</returns>
    public static async Task<ServicePods?> FindAsync(IKubernetesApi api, string @namespace, string name, CancellationToken cancellationToken)
    {
        // The labels of the pods are settings of a stack; the service knows them.
        var service = await api.FindAsync(Kinds.Services, @namespace, name, cancellationToken);
        if (service?.Spec is not { Selector: { Count: > 0 } selector, Ports.Count: > 0 })
            return null;
        var labels = string.Join(",", selector.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
        var pods = (await api.ListAsync(Kinds.Pods, new ListScope(@namespace, LabelSelector: labels), cancellationToken)).Items
            .Where(pod => pod.Metadata.DeletionTimestamp is null && pod.Status?.Phase is not ("Succeeded" or "Failed")).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal);
        return new ServicePods(service, [.. pods]);
    }

    /// <summary>The port of a pod behind a port of the service.</summary>
    /// <returns>Null: neither the service nor the pod has one of that name.</returns>
    public int? PortOf(V1Pod pod, string name) => Service.Spec.Ports.FirstOrDefault(port => port.Name == name) is not { } found ? null
        : found.TargetPort?.Value is not { Length: > 0 } target ? found.Port
        : int.TryParse(target, CultureInfo.InvariantCulture, out var number) ? number
        : pod.Spec.Containers.SelectMany(container => container.Ports ?? []).FirstOrDefault(port => port.Name == target)?.ContainerPort;
}
