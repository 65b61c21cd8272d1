namespace HaCluster;

/// <summary>A Deployment, StatefulSet or DaemonSet and its pods.</summary>
/// <param name="Desired">Replicas wanted; for a DaemonSet the nodes that should have one.</param>
/// <param name="Updated">Replicas of the newest template.</param>
/// <param name="ReadyByZone">Ready pods per zone.</param>
/// <param name="Disruptions">How many pods its budget lets go now; null without a budget.</param>
/// <param name="Budget">Name of the budget; null without one.</param>
/// <param name="Images">Of its containers, in their order.</param>
/// <param name="Note">What is wrong, such as why pods wait; empty when nothing is.</param>
public sealed record WorkloadStatus(
    string Namespace,
    string Name,
    string Kind,
    Health Health,
    int Desired,
    int Ready,
    int Updated,
    IReadOnlyDictionary<string, int> ReadyByZone,
    int? Disruptions,
    string? Budget,
    IReadOnlyList<string> Images,
    int Restarts,
    DateTimeOffset CreatedAt,
    string Note)
{
    public bool IsBelowStrength => Ready < Desired;
}

/// <summary>One resource of a namespace's <c>ResourceQuota</c>.</summary>
/// <param name="Name">Of the ResourceQuota object.</param>
/// <param name="Resource">Such as <c>requests.cpu</c>.</param>
/// <param name="Used">As Kubernetes writes it, such as <c>1500m</c>.</param>
public sealed record QuotaStatus(string Namespace, string Name, string Resource, string Used, string Hard, decimal Percent, Health Health);
