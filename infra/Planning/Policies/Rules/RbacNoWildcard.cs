using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Rules;

internal sealed class RbacNoWildcard : Policy
{
    public override string Id => "rbac-no-wildcard";

    public override string Title => "no role in the cluster may do everything on everything";

    public override string Why => "A pod with such a role reads every secret of the cluster and starts pods on every node.";

    public override Uri Source { get; } = new("https://kubernetes.io/docs/concepts/security/rbac-good-practices/");

    public override string Fix => "name verbs and resources in the rules of the role; bind cluster-admin to nobody";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        foreach (var role in graph.Of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:Role"))
        {
            foreach (var (rule, index) in role.Inputs.At("rules").Items().Select((rule, index) => (rule, index)))
            {
                if (rule.At("verbs").Texts().Contains("*") && rule.At("resources").Texts().Contains("*"))
                    yield return Violation(role, $"rules[{index}] allows every verb on every resource");
            }
        }

        foreach (var binding in graph.Of(
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"))
        {
            if (binding.Inputs.At("roleRef", "name").Text() == "cluster-admin")
                yield return Violation(binding, "binds cluster-admin");
        }
    }
}
