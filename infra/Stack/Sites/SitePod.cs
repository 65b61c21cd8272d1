using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Sites;
using HaCluster.Stack.Workloads;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Sites;

/// <summary>One replica of a site: without rights, within limits, asked before it gets requests and told before it goes.</summary>
internal static class SitePod
{
    public const string Label = "app.kubernetes.io/name";

    public const string PortName = "http";

    // The gateway hears of a pod that goes at about the time the pod does; until then it still sends.
    private const int SecondsUntilUnknown = 15;
    private const int SecondsToFinish = 45;

    private const string Scratch = "tmp";

    public static PodSpecArgs Spec(SiteSettings site, int zones) => new()
    {
        ServiceAccountName = site.Name,
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,

        // The image says which user it runs as; it must not be root.
        SecurityContext = new PodSecurityContextArgs
        {
            RunAsNonRoot = true,
            SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
        },
        TopologySpreadConstraints = ZoneSpread.Of(zones, (Label, site.Name)).Typed(),
        TerminationGracePeriodSeconds = SecondsUntilUnknown + SecondsToFinish,
        Containers = { Container(site) },
        Volumes = { new VolumeArgs { Name = Scratch, EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = site.LocalDisk.ToString() } } },
    };

    private static ContainerArgs Container(SiteSettings site) => new()
    {
        Name = "site",
        Image = site.Image,
        Ports = { new ContainerPortArgs { Name = PortName, ContainerPortValue = site.Port, Protocol = "TCP" } },
        Env = site.Environment.Select(pair => new EnvVarArgs { Name = pair.Key, Value = pair.Value }).ToArray(),
        Resources = new ContainerSize(site.Cpu.ToString(), site.CpuLimit.ToString(), site.Memory.ToString(), site.LocalDisk.ToString()).Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts = { new VolumeMountArgs { Name = Scratch, MountPath = "/tmp" } },

        // Five minutes to start.
        StartupProbe = new ProbeArgs { HttpGet = Health(site), PeriodSeconds = 5, FailureThreshold = 60, TimeoutSeconds = 2 },
        ReadinessProbe = new ProbeArgs { HttpGet = Health(site), PeriodSeconds = 5, FailureThreshold = 2, TimeoutSeconds = 2 },

        // Only whether it listens: a restart does not help a site whose database is away, and would make all replicas restart at once.
        LivenessProbe = new ProbeArgs { TcpSocket = new TCPSocketActionArgs { Port = PortName }, PeriodSeconds = 10, FailureThreshold = 6, TimeoutSeconds = 2 },
        Lifecycle = new LifecycleArgs
        {
            PreStop = new LifecycleHandlerArgs { Sleep = new SleepActionArgs { Seconds = SecondsUntilUnknown } },
        },
    };

    private static HTTPGetActionArgs Health(SiteSettings site) => new() { Path = site.HealthPath, Port = PortName };
}
