using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.AdmissionRegistration.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Guardrails;

/// <summary>Input of <see cref="AdmissionPolicies"/>.</summary>
public sealed record AdmissionPoliciesArgs
{
    /// <summary>Names of the namespaces that the program makes; nothing runs in any other but kube-system.</summary>
    public required ImmutableArray<string> Namespaces { get; init; }

    /// <summary>Who may use nodes, in the namespaces that Pod Security cannot hold.</summary>
    public required ImmutableArray<NodeAgent> NodeAgents { get; init; }

    public required Kubernetes.Provider Provider { get; init; }
}

/// <summary>Rules that the API server itself checks: no webhook that could be down when it matters.</summary>
/// <remarks>
/// <para>
/// <c>kube-system</c> is exempt from the rules for pods: what AWS runs there (the network plugin, the volume driver) is privileged by its nature
/// and comes without all limits. Nothing else is. https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
/// </para>
/// <para>
/// What no policy can hold: <c>/dev/termination-log</c>. Every container has it, it is a file on the node's disk, and what is written there counts
/// neither against the ephemeral-storage limit of the pod nor against any quota (https://github.com/kubernetes/kubernetes/issues/122224); a
/// read-only root filesystem does not cover it. Such a container ends with the eviction threshold of the node, which takes the pods that use most
/// above their requests first, and so perhaps not the one that wrote. Nor can a policy see what a process does in a namespace of users, or a
/// kernel that is broken into.
/// </para>
/// </remarks>
public sealed class AdmissionPolicies : ComponentResource
{
    public const string TypeToken = "ha-cluster:guardrails:AdmissionPolicies";

    /// <summary>The namespace that no rule for pods is for.</summary>
    public const string Exempt = "kube-system";

    private readonly Kubernetes.Provider _provider;

    public AdmissionPolicies(string name, AdmissionPoliciesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _provider = args.Provider;
        foreach (var rule in Rules(args))
            Declare(rule);
        RegisterOutputs();
    }

    private static AdmissionRule[] Rules(AdmissionPoliciesArgs args) =>
    [
        PodRules.RequireLimits,
        PodRules.RefuseOvercommit,
        PodRules.WarnOfDefaultLimits,
        PodRules.RefusePrivileged,
        PodRules.RefuseSystemPriority,
        PodRules.RefuseUnpinnedImages,
        NodeAccessRule.For(args.NodeAgents),
        ObjectRules.RefuseOtherNamespaces(args.Namespaces),
        ObjectRules.RefuseExternalAddresses,
        ObjectRules.RefuseEndlessTokens,
        ObjectRules.RefuseNodeVolumes,
    ];

    private void Declare(AdmissionRule rule)
    {
        var policy = new Kubernetes.AdmissionRegistration.V1.ValidatingAdmissionPolicy(
            rule.Name,
            new ValidatingAdmissionPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Name = rule.Name },
                Spec = new ValidatingAdmissionPolicySpecArgs
                {
                    FailurePolicy = "Fail",
                    MatchConstraints = new MatchResourcesArgs { ResourceRules = Typed(rule.Refuses.AddRange(rule.WarnsOf)) },
                    Variables = rule.Variables.Add((AdmissionRule.Variable, rule.Offenders))
                        .Select(variable => new VariableArgs { Name = variable.Name, Expression = variable.Expression })
                        .ToArray(),
                    Validations =
                    {
                        new ValidationArgs
                        {
                            Expression = $"variables.{AdmissionRule.Variable}.size() == 0",
                            MessageExpression = $"'{rule.Message}: ' + variables.{AdmissionRule.Variable}.join(', ')",
                            Reason = "Invalid",
                        },
                    },
                },
            },
            new CustomResourceOptions { Parent = this, Provider = _provider });

        Bind(rule.Name, rule, rule.Refuses, policy, "Deny", "Audit");
        Bind($"{rule.Name}-templates", rule, rule.WarnsOf, policy, "Warn", "Audit");
    }

    private void Bind(string name, AdmissionRule rule, ImmutableArray<RequestMatch> requests, Resource policy, params string[] actions)
    {
        if (requests.IsEmpty)
            return;

        var match = new MatchResourcesArgs { ResourceRules = Typed(requests) };
        if (rule.Namespaces is { } namespaces)
        {
            match.NamespaceSelector = new LabelSelectorArgs
            {
                MatchExpressions =
                {
                    new LabelSelectorRequirementArgs { Key = NamespaceMatch.Label, Operator = namespaces.Operator, Values = namespaces.Names.ToArray() },
                },
            };
        }

        _ = new Kubernetes.AdmissionRegistration.V1.ValidatingAdmissionPolicyBinding(
            name,
            new ValidatingAdmissionPolicyBindingArgs
            {
                Metadata = new ObjectMetaArgs { Name = name },
                Spec = new ValidatingAdmissionPolicyBindingSpecArgs { PolicyName = rule.Name, ValidationActions = actions, MatchResources = match },
            },
            new CustomResourceOptions { Parent = this, Provider = _provider, DependsOn = { policy } });
    }

    private static NamedRuleWithOperationsArgs[] Typed(ImmutableArray<RequestMatch> requests) =>
    [
        .. requests.Select(request => new NamedRuleWithOperationsArgs
        {
            ApiGroups = { request.Group },
            ApiVersions = { "v1" },
            Operations = request.Operations.ToArray(),
            Resources = request.Resources.ToArray(),
        }),
    ];
}
