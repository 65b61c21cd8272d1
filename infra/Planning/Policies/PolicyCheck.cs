using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Policies;

/// <summary>Checks a resource graph against all policies.</summary>
public static class PolicyCheck
{
    /// <summary>One result for each policy, in the order of the catalog.</summary>
    /// <param name="cluster">The model of the graph, read once.</param>
    public static ImmutableArray<PolicyResult> Of(ResourceGraph graph, ClusterModel cluster, ImmutableArray<PolicySwitch> switches)
    {
        var seen = new PolicyGraph(graph, cluster);
        return [.. PolicyCatalog.All.Select(policy => Of(policy, seen, switches.FirstOrDefault(one => one.Policy == policy.Id)))];
    }

    /// <summary>Patterns that match no violation: their resource is gone, or the name is wrong.</summary>
    public static IEnumerable<string> IdlePatterns(ImmutableArray<PolicyResult> results, ImmutableArray<PolicySwitch> switches) =>
        from one in switches
        from pattern in one.Resources
        where !results.Single(result => result.Id == one.Policy).Exempted.Any(violation => Matches(pattern, violation))
        select $"{PolicySettings.Key}.{one.Policy}.resources: '{pattern}' matches no violation; remove it";

    private static PolicyResult Of(Policy policy, PolicyGraph graph, PolicySwitch? off)
    {
        var findings = policy.Check(graph).ToList();
        var violations = findings.OfType<Finding.Violated>().Select(Violation.Of)
            .Distinct()
            .OrderBy(violation => violation.Urn, StringComparer.Ordinal).ThenBy(violation => violation.Problem, StringComparer.Ordinal)
            .ToLookup(violation => off is not null && off.Resources.Any(pattern => Matches(pattern, violation)));
        ImmutableArray<string> notInspected =
        [
            .. findings.OfType<Finding.NotInspected>().Select(finding => $"{finding.Kind} {finding.Name}").Distinct().Order(StringComparer.Ordinal),
        ];
        return new PolicyResult
        {
            Id = policy.Id,
            Title = policy.Title,
            Status = off is { IsOff: true } ? PolicyStatus.Off
                : violations[false].Any() ? PolicyStatus.Violated
                : notInspected.IsEmpty ? PolicyStatus.Holds
                : PolicyStatus.Incomplete,
            Reason = off?.Reason,
            Why = policy.Why,
            Source = policy.Source.ToString(),
            Fix = policy.Fix,
            Violations = [.. violations[false]],
            Exempted = [.. violations[true]],
            NotInspected = notInspected,
        };
    }

    private static bool Matches(string pattern, Violation violation) =>
        PolicySwitch.Matches(pattern, violation.Urn, ResourceUrn.Name(violation.Urn));
}
