using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Sites;
using HaCluster.Stack.Workloads;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Sites;

/// <summary>Pod of a site: without privileges, with limits, with a readiness probe and a graceful shutdown.</summary>
internal static class SitePod
{
    public const string Label = "app.kubernetes.io/name";

    public const string PortName = "http";

    // The gateway learns about a terminating pod at about the same time as the pod itself; until then it still sends requests.
    private const int DeregistrationSeconds = 15;
    private const int RequestDrainSeconds = 45;

    private const string Scratch = "tmp";

    public static PodSpecArgs Spec(SiteSettings site, int zones) => new()
    {
        ServiceAccountName = site.Name,
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,

        // The user comes from the image; it must not be root.
        SecurityContext = new PodSecurityContextArgs
        {
            RunAsNonRoot = true,
            SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
        },
        TopologySpreadConstraints = ZoneSpread.Of(zones, (Label, site.Name)).Typed(),
        TerminationGracePeriodSeconds = DeregistrationSeconds + RequestDrainSeconds,
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
            PreStop = new LifecycleHandlerArgs { Sleep = new SleepActionArgs { Seconds = DeregistrationSeconds } },
        },
    };

    private static HTTPGetActionArgs Health(SiteSettings site) => new() { Path = site.HealthPath, Port = PortName };
}
