using System.Security.Cryptography;
using System.Text;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Rbac.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Upkeep;

/// <summary>
/// Short maintenance jobs for the nodes: one script each (<see cref="MaintenanceScripts"/>), run with kubectl by an account that may do only what
/// the script needs.
/// </summary>
public sealed class Maintenance : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Maintenance";

    private const string ConfigMapName = "chains-scripts";
    private const string Path = "/scripts";

    private readonly Foundation _foundation;
    private readonly Kubernetes.Core.V1.ConfigMap _scripts;

    public Maintenance(string name, Foundation foundation, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _foundation = foundation;
        var data = new InputMap<string>();
        foreach (var (file, script) in MaintenanceScripts.All)
            data.Add(file, script);
        _scripts = new Kubernetes.Core.V1.ConfigMap(
            ConfigMapName,
            new ConfigMapArgs { Metadata = Metadata(ConfigMapName), Data = data },
            Child(this));
        RegisterOutputs();
    }

    public CustomResourceOptions Child(Resource parent, params Resource[] after) =>
        new() { Parent = parent, Provider = _foundation.Provider, DependsOn = [.. _foundation.Ready, .. after] };

    /// <summary>The account of a job, bound to its rules.</summary>
    /// <returns>What the job depends on.</returns>
    public Resource[] Account(string name, Resource parent, params PolicyRuleArgs[] rules)
    {
        var account = new Kubernetes.Core.V1.ServiceAccount(
            name,
            new ServiceAccountArgs { Metadata = Metadata(name), AutomountServiceAccountToken = false },
            Child(parent));
        var role = new Kubernetes.Rbac.V1.Role(name, new RoleArgs { Metadata = Metadata(name), Rules = rules }, Child(parent));
        var binding = new Kubernetes.Rbac.V1.RoleBinding(
            name,
            new RoleBindingArgs
            {
                Metadata = Metadata(name),
                RoleRef = new RoleRefArgs { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = name },
                Subjects = { new SubjectArgs { Kind = "ServiceAccount", Name = name, Namespace = ClusterNamespaces.Chains } },
            },
            Child(parent, account, role));
        return [account, binding, _scripts];
    }

    /// <summary>A pod that runs a script once.</summary>
    /// <param name="account">Name given to <see cref="Account"/>.</param>
    /// <param name="script">File in <see cref="MaintenanceScripts"/>.</param>
    /// <param name="environment">What the script reads.</param>
    public static PodTemplateSpecArgs Pod(string account, string script, params (string Name, string Value)[] environment) => new()
    {
        Metadata = new ObjectMetaArgs
        {
            Labels = { [ChainNodes.RoleLabel] = "maintenance" },
            // The name contains a hash of the script, so a changed script runs again.
            Annotations = { ["ha-cluster/script"] = Digest(MaintenanceScripts.All[script]) },
        },
        Spec = new PodSpecArgs
        {
            ServiceAccountName = account,
            AutomountServiceAccountToken = true,
            RestartPolicy = "OnFailure",
            EnableServiceLinks = false,
            PriorityClassName = PriorityClasses.High,
            SecurityContext = Hardening.Pod(NodeStatefulSet.User),
            Containers =
            {
                new ContainerArgs
                {
                    Name = "script",
                    Image = Pins.KubernetesTools,
                    Command = { "bash", $"{Path}/{script}" },
                    Env = environment.Select(pair => new EnvVarArgs { Name = pair.Name, Value = pair.Value }).ToArray(),
                    Resources = ChainSizes.Maintenance.Typed(),
                    SecurityContext = Hardening.Container(),
                    VolumeMounts = { new VolumeMountArgs { Name = "scripts", MountPath = Path, ReadOnly = true } },
                },
            },
            Volumes = { new VolumeArgs { Name = "scripts", ConfigMap = new ConfigMapVolumeSourceArgs { Name = ConfigMapName } } },
        },
    };

    public static ObjectMetaArgs Metadata(string name) => new() { Name = name, Namespace = ClusterNamespaces.Chains };

    public static PolicyRuleArgs Rule(string group, string resource, string[] verbs, params string[] names)
    {
        var rule = new PolicyRuleArgs { ApiGroups = { group }, Resources = { resource }, Verbs = verbs };
        if (names.Length > 0)
            rule.ResourceNames = names;
        return rule;
    }

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
