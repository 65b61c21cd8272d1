using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class RbacNoWildcard : Policy
{
    public override string Id => "rbac-no-wildcard";

    public override string Title => "no role in the cluster may do everything, read every kind of object, or raise its own permissions";

    public override string Why => "A pod with such a role reads every secret of the cluster and starts pods on every node.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/security/rbac-good-practices/");

    public override string Fix => "name verbs and resources in the rules of the role; bind cluster-admin to nobody, and no role to everyone";

    private static readonly ImmutableArray<string> Reads = ["get", "list", "watch"];

    private static readonly ImmutableArray<string> Raises = ["escalate", "bind", "impersonate"];

    // https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings; system:masters passes every check.
    private static readonly ImmutableArray<string> Everyone = ["system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"];

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var role in graph.Of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:Role"))
        {
            foreach (var (rule, index) in role.Inputs.At("rules").Items().Select((rule, index) => (rule, index)))
            {
                if (ProblemOf(rule) is { } problem)
                    yield return Violation(role, $"rules[{index}] {problem}");
            }
        }

        foreach (var binding in graph.Of(
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"))
        {
            if (binding.Inputs.At("roleRef", "name").Text() == "cluster-admin")
                yield return Violation(binding, "binds cluster-admin");
            foreach (var name in binding.Inputs.At("subjects").Items().Select(subject => subject.At("name").Text()).OfType<string>())
            {
                if (Everyone.Contains(name))
                    yield return Violation(binding, $"binds {name}, which is everyone");
                else if (name == "system:masters")
                    yield return Violation(binding, "binds system:masters, which may do everything whatever its roles say");
            }
        }
    }

    private static string? ProblemOf(PropertyValue rule)
    {
        var verbs = rule.At("verbs").Texts().ToList();
        var resources = rule.At("resources").Texts().ToList();
        var isEveryVerb = verbs.Contains("*");
        var isEveryResource = resources.Contains("*") || resources.Contains("*/*");
        if (isEveryVerb && isEveryResource)
            return "allows every verb on every resource";
        // Secrets are in the core group, so rules on it or on all groups include them.
        if (isEveryResource && rule.At("apiGroups").Texts().Any(group => group is "" or "*") && Reads.FirstOrDefault(verbs.Contains) is { } read)
            return $"allows {read} on every resource, secrets among them";
        // The API server checks these three verbs on roles, bindings and users:
        // https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb
        if (rule.At("resourceNames").Items().IsEmpty && Raises.FirstOrDefault(verbs.Contains) is { } raise)
            return $"allows {raise} on every {string.Join(", ", resources)}";
        return isEveryVerb && rule.At("nonResourceURLs").Texts().Contains("*") ? "allows every verb on every URL" : null;
    }
}
