using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Policies;

/// <summary>One resource that breaks a policy.</summary>
/// <param name="Resource">As people say it: <c>Cluster postgresql</c>, the type and the logical name.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record Violation(string Urn, string Resource, string Problem)
{
    internal static Violation Of(Finding.Violated finding) => new(finding.Resource.Urn, NameOf(finding.Resource), finding.Problem);

    internal static string NameOf(ResourceNode resource) => $"{resource.Type[(resource.Type.LastIndexOf(':') + 1)..]} {resource.Name}";
}
