using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>
/// The sidecar that answers the probes of a chain node, because neither "the port is open" nor "it does not report syncing" means that it is up to date on a
/// chain. SENTINEL.md beside this file is its contract.
/// </summary>
public static class Sentinel
{
    public const int Port = 9800;
    public const string PortName = "sentinel";

    // A node that does not answer is opening or repairing its database, which takes hours after an unclean stop and a day for a new index.
    private const int StartupPeriod = 30;
    private const int StartupDays = 14;

    /// <summary>A native sidecar: an init container that keeps running, starts before the node and stops after it.</summary>
    /// <param name="image">See <see cref="OwnImage"/>.</param>
    /// <param name="nodes">All nodes of the chain, the siblings among them.</param>
    /// <param name="client">Of this node.</param>
    /// <param name="own">Arguments that depend on the chain.</param>
    /// <param name="mounts">Files that the arguments name.</param>
    public static ContainerArgs Container(Input<string> image, ChainNodes nodes, string client, IEnumerable<string> own, params VolumeMountArgs[] mounts) => new()
    {
        Name = "sentinel",
        Image = image,
        RestartPolicy = "Always",
        Args = (string[])
        [
            $"--listen=0.0.0.0:{Port}",
            $"--chain={nodes.Chain}",
            $"--network={nodes.Network}",
            $"--client={client}",
            $"--data={NodeStatefulSet.DataPath}",
            .. own,
            .. nodes.Pods.Select(pod => $"--node=http://{nodes.HostOf(pod)}:{Port}"),
        ],
        Env =
        {
            new EnvVarArgs
            {
                Name = "POD_NAME",
                ValueFrom = new EnvVarSourceArgs { FieldRef = new ObjectFieldSelectorArgs { FieldPath = "metadata.name" } },
            },
        },
        Ports = { new ContainerPortArgs { Name = PortName, ContainerPortValue = Port } },
        StartupProbe = new ProbeArgs { HttpGet = Get("/metrics"), PeriodSeconds = 2, FailureThreshold = 30 },
        LivenessProbe = new ProbeArgs { HttpGet = Get("/metrics"), PeriodSeconds = 15, TimeoutSeconds = 5, FailureThreshold = 4 },
        Resources = ChainSizes.Sentinel.Typed(),
        SecurityContext = Hardening.Container(),
        // The data volume is measured, never written.
        VolumeMounts = (VolumeMountArgs[])[new() { Name = NodeStatefulSet.DataVolume, MountPath = NodeStatefulSet.DataPath, ReadOnly = true }, .. mounts],
    };

    /// <summary>Counts only while the node answers nothing at all; a node that answers may take as long as it needs to catch up.</summary>
    /// <param name="part"><c>execution</c> or <c>consensus</c>; null where a node is one program.</param>
    public static ProbeArgs Startup(string? part = null) => new()
    {
        HttpGet = Get(LivePath(part)),
        PeriodSeconds = StartupPeriod,
        TimeoutSeconds = 5,
        FailureThreshold = StartupDays * 24 * 60 * 60 / StartupPeriod,
    };

    /// <summary>Ten minutes of failures, because a restart costs more than a short pause.</summary>
    public static ProbeArgs Liveness(string? part = null) => new()
    {
        HttpGet = Get(LivePath(part)),
        PeriodSeconds = 60,
        TimeoutSeconds = 10,
        FailureThreshold = 10,
    };

    public static ProbeArgs Readiness() => new()
    {
        HttpGet = Get("/ready"),
        PeriodSeconds = 10,
        TimeoutSeconds = 5,
        FailureThreshold = 2,
    };

    private static string LivePath(string? part) => part is null ? "/live" : $"/live?of={part}";

    private static HTTPGetActionArgs Get(string path) => new() { Path = path, Port = Port };
}
