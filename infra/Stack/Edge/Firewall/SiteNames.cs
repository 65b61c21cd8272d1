using System.Collections.Immutable;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.AdmissionRegistration.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Edge.Firewall;

/// <summary>Input of <see cref="SiteNames"/>.</summary>
public sealed record SiteNamesArgs
{
    public required ImmutableArray<SiteSettings> Sites { get; init; }

    public required Foundation Foundation { get; init; }
}

/// <summary>
/// A route in the namespace of a site may contain only the domain of that site. Without the firewall the listeners of the gateway enforce this;
/// behind it all sites have one.
/// </summary>
public sealed class SiteNames : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:SiteNames";

    private const string Policy = "routes-of-sites";

    public SiteNames(string name, SiteNamesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new CustomResourceOptions { Parent = this, Provider = args.Foundation.Provider };
        var policy = new Kubernetes.AdmissionRegistration.V1.ValidatingAdmissionPolicy(
            name,
            new ValidatingAdmissionPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Name = Policy },
                Spec = new ValidatingAdmissionPolicySpecArgs
                {
                    FailurePolicy = "Fail",
                    MatchConstraints = new MatchResourcesArgs
                    {
                        ResourceRules =
                        {
                            new NamedRuleWithOperationsArgs
                            {
                                ApiGroups = { "gateway.networking.k8s.io" },
                                ApiVersions = { "*" },
                                Operations = { "CREATE", "UPDATE" },
                                Resources = { "httproutes" },
                            },
                        },
                    },
                    Validations =
                    {
                        new ValidationArgs
                        {
                            Expression = Expression(args.Sites),
                            Message = "the route of a site may contain only the domain of that site",
                            Reason = "Forbidden",
                        },
                    },
                },
            },
            child);
        _ = new Kubernetes.AdmissionRegistration.V1.ValidatingAdmissionPolicyBinding(
            name,
            new ValidatingAdmissionPolicyBindingArgs
            {
                Metadata = new ObjectMetaArgs { Name = Policy },
                Spec = new ValidatingAdmissionPolicyBindingSpecArgs
                {
                    PolicyName = policy.Metadata.Apply(metadata => metadata.Name),
                    ValidationActions = { "Deny", "Audit" },
                    MatchResources = new MatchResourcesArgs
                    {
                        NamespaceSelector = new LabelSelectorArgs
                        {
                            MatchExpressions =
                            {
                                new LabelSelectorRequirementArgs
                                {
                                    Key = "kubernetes.io/metadata.name",
                                    Operator = "In",
                                    Values = args.Sites.Select(site => site.Namespace.Name).ToArray(),
                                },
                            },
                        },
                    },
                },
            },
            child);
        RegisterOutputs();
    }

    /// <summary>In the Common Expression Language: a route without a host name would match all domains.</summary>
    public static string Expression(ImmutableArray<SiteSettings> sites)
    {
        var names = string.Join(", ", sites.Select(site => $"'{site.Namespace.Name}': '{site.Domain}'"));
        return $"has(object.spec.hostnames) && size(object.spec.hostnames) > 0 && object.spec.hostnames.all(name, name == {{{names}}}[object.metadata.namespace])";
    }
}
