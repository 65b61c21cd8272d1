using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.AdmissionRegistration.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Guardrails;

/// <summary>Rules that the API server itself checks for every pod: no webhook that could be down when it matters.</summary>
/// <remarks>
/// <c>kube-system</c> is exempt: what AWS runs there (the network plugin, the volume driver) is privileged by its nature and comes without all
/// limits. Nothing else is. https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
/// </remarks>
public sealed class AdmissionPolicies : ComponentResource
{
    public const string TypeToken = "ha-cluster:guardrails:AdmissionPolicies";

    private const string NamespaceName = "kubernetes.io/metadata.name";
    private const string Exempt = "kube-system";

    private readonly Kubernetes.Provider _provider;

    public AdmissionPolicies(string name, Kubernetes.Provider provider, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _provider = provider;

        // An update cannot take limits or privileges away or add any, only images change; refusing one would only keep controllers from
        // removing their finalizers. Ephemeral containers come by an update, and cannot have limits.
        Declare("require-limits", [PodRule("CREATE")], PodExpressions.Undeclared);
        Declare("refuse-privileged", [PodRule("CREATE"), EphemeralContainerRule()], PodExpressions.Privileged);
        Declare("refuse-system-priority", [PodRule("CREATE")], PodExpressions.SystemCritical);
        Declare("refuse-unpinned-images", [PodRule("CREATE", "UPDATE"), EphemeralContainerRule()], PodExpressions.Unpinned);
        RegisterOutputs();
    }

    private void Declare(string name, NamedRuleWithOperationsArgs[] rules, PodExpression rule)
    {
        var policy = new Kubernetes.AdmissionRegistration.V1.ValidatingAdmissionPolicy(
            name,
            new ValidatingAdmissionPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Name = name },
                Spec = new ValidatingAdmissionPolicySpecArgs
                {
                    FailurePolicy = "Fail",
                    MatchConstraints = new MatchResourcesArgs { ResourceRules = rules },
                    Variables = { new VariableArgs { Name = PodExpression.Variable, Expression = rule.Offenders } },
                    Validations =
                    {
                        new ValidationArgs
                        {
                            Expression = $"variables.{PodExpression.Variable}.size() == 0",
                            MessageExpression = $"'{rule.Message}: ' + variables.{PodExpression.Variable}.join(', ')",
                            Reason = "Invalid",
                        },
                    },
                },
            },
            new CustomResourceOptions { Parent = this, Provider = _provider });

        _ = new Kubernetes.AdmissionRegistration.V1.ValidatingAdmissionPolicyBinding(
            name,
            new ValidatingAdmissionPolicyBindingArgs
            {
                Metadata = new ObjectMetaArgs { Name = name },
                Spec = new ValidatingAdmissionPolicyBindingSpecArgs
                {
                    PolicyName = name,
                    ValidationActions = { "Deny", "Audit" },
                    MatchResources = new MatchResourcesArgs
                    {
                        NamespaceSelector = new LabelSelectorArgs
                        {
                            MatchExpressions = { new LabelSelectorRequirementArgs { Key = NamespaceName, Operator = "NotIn", Values = { Exempt } } },
                        },
                    },
                },
            },
            new CustomResourceOptions { Parent = this, Provider = _provider, DependsOn = { policy } });
    }

    private static NamedRuleWithOperationsArgs PodRule(params string[] operations) => new()
    {
        ApiGroups = { "" },
        ApiVersions = { "v1" },
        Operations = operations,
        Resources = { "pods" },
    };

    private static NamedRuleWithOperationsArgs EphemeralContainerRule() => new()
    {
        ApiGroups = { "" },
        ApiVersions = { "v1" },
        Operations = { "UPDATE" },
        Resources = { "pods/ephemeralcontainers" },
    };
}
