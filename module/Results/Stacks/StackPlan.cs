namespace HaCluster;

/// <summary>What <c>pulumi up</c> would create for a stack, from <c>ha plan</c>: nothing is asked of AWS or Pulumi.</summary>
/// <param name="FirstUp">Estimate of the first <c>pulumi up</c>; null when the plan gives none.</param>
/// <param name="Refused">A policy refuses it.</param>
public sealed record StackPlan(
    string Stack,
    int AwsResources,
    int KubernetesResources,
    TimeSpan? FirstUp,
    bool Refused,
    IReadOnlyList<PolicyFinding> Policies,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<PlannedResource> Resources)
{
    /// <summary>What <c>pulumi up</c> creates; components, which only group, do not count.</summary>
    public int Count => AwsResources + KubernetesResources;
}

/// <param name="Type">Of Pulumi, such as <c>aws:ec2/subnet:Subnet</c>.</param>
/// <param name="Component">Name of the component that it belongs to; empty for the stack itself.</param>
public sealed record PlannedResource(string Type, string Name, string Component, string Urn);

/// <summary>A policy that does not simply hold.</summary>
/// <param name="Status"><c>violated</c>, <c>incomplete</c>, <c>off</c>, <c>holds</c> with exemptions.</param>
/// <param name="Problems">Each with the resource that it is about.</param>
public sealed record PolicyFinding(string Id, string Title, string Status, string Reason, string Fix, IReadOnlyList<string> Problems);
