using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Network;
using HaCluster.Stack.Software;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Guardrails;

/// <summary>Input of <see cref="Guards"/>.</summary>
public sealed record GuardsArgs
{
    public required ImmutableArray<NamespaceProfile> Namespaces { get; init; }

    public required ClusterVersion Version { get; init; }

    public required CidrPlan Addresses { get; init; }

    /// <summary>Cluster addresses of services.</summary>
    public required Ipv4Cidr ServiceCidr { get; init; }

    /// <summary>Who may use nodes.</summary>
    public required ImmutableArray<NodeAgent> NodeAgents { get; init; }

    public required Kubernetes.Provider Provider { get; init; }
}

/// <summary>What keeps one workload from taking the others down: namespaces with quotas, priorities, rules for every pod.</summary>
public sealed class Guards : ComponentResource
{
    public const string TypeToken = "ha-cluster:guardrails:Guards";

    public Guards(string name, GuardsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        Namespaces = args.Namespaces.ToImmutableSortedDictionary(
            profile => profile.Name,
            profile => new GuardedNamespace(
                profile.Name,
                new GuardedNamespaceArgs
                {
                    Profile = profile,
                    Version = args.Version,
                    Addresses = args.Addresses,
                    ServiceCidr = args.ServiceCidr,
                    Provider = args.Provider,
                },
                new ComponentResourceOptions { Parent = this }),
            StringComparer.Ordinal);
        CloseDefault(args.Provider);
        _ = new PriorityClasses("priorities", args.Provider, new ComponentResourceOptions { Parent = this });
        _ = new AdmissionPolicies(
            "admission",
            new AdmissionPoliciesArgs { Namespaces = [.. Namespaces.Keys], NodeAgents = args.NodeAgents, Provider = args.Provider },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }

    /// <summary>By name; workloads are declared into these.</summary>
    public ImmutableSortedDictionary<string, GuardedNamespace> Namespaces { get; }

    // Kubernetes makes this namespace itself, without a Pod Security level or any maximum: a pod there could fill its node through a hostPath
    // volume, which no limit counts. It is also where everything lands that names no namespace; the quota's name is in the refusal.
    private void CloseDefault(Kubernetes.Provider provider) => _ = new Kubernetes.Core.V1.ResourceQuota(
        "default",
        new ResourceQuotaArgs
        {
            Metadata = new ObjectMetaArgs { Name = "use-another-namespace", Namespace = "default" },
            Spec = new ResourceQuotaSpecArgs
            {
                Hard =
                {
                    ["pods"] = "0",
                    ["persistentvolumeclaims"] = "0",
                    ["services.loadbalancers"] = "0",
                    ["services.nodeports"] = "0",
                },
            },
        },
        new CustomResourceOptions { Parent = this, Provider = provider });
}
