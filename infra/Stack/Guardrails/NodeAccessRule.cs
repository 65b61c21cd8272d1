using System.Collections.Immutable;

namespace HaCluster.Stack.Guardrails;

/// <summary>
/// Holds namespaces of node agents, which Pod Security has to leave at "privileged", to the level "baseline" for everything that the agents do
/// not need: their paths, read-only where they read, under their service accounts.
/// </summary>
/// <remarks>
/// The list follows https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline. Nothing is added to a running agent either: a
/// debug container there would see the node as the agent does.
/// </remarks>
internal static class NodeAccessRule
{
    private static readonly string[] Capabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    private static readonly string[] Sysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
    ];

    private static readonly string[] SeLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    private const string Context = "has(c.securityContext)";

    public static AdmissionRule For(ImmutableArray<NodeAgent> agents) => new(
        "refuse-node-access",
        "only the agents declared for this cluster may use the node, and only the parts that they need; remove",
        string.Join(
            " + ",
            "variables.hostVolumes.filter(v, !(v.hostPath.path in variables.paths)).map(v, 'volume ' + v.name + ' of ' + v.hostPath.path)",
            OfContainers(
                "has(c.volumeMounts) && c.volumeMounts.exists(m, m.name in variables.readOnly && !(has(m.readOnly) && m.readOnly))",
                "must mount its node read-only"),
            OfPod("hostNetwork", "!variables.sharesNode"),
            OfPod("hostPID", "!variables.sharesNode"),
            OfPod("hostIPC", "true"),
            OfContainers("!variables.sharesNode && has(c.ports) && c.ports.exists(p, has(p.hostPort) && p.hostPort != 0)", "hostPort"),
            OfContainers(
                $"{Context} && has(c.securityContext.capabilities) && has(c.securityContext.capabilities.add)"
                + $" && c.securityContext.capabilities.add.exists(a, !(a in {PodRules.List(Capabilities)}))",
                "capabilities"),
            OfContainers($"{Context} && has(c.securityContext.procMount) && c.securityContext.procMount != 'Default'", "procMount"),
            OfContexts("seccompProfile", "s.seccompProfile.type == 'Unconfined'"),
            OfContexts("appArmorProfile", "s.appArmorProfile.type == 'Unconfined'"),
            OfContexts(
                "seLinuxOptions",
                $"has(s.seLinuxOptions.type) && !(s.seLinuxOptions.type in {PodRules.List(SeLinuxTypes)})"
                + " || has(s.seLinuxOptions.user) && s.seLinuxOptions.user != '' || has(s.seLinuxOptions.role) && s.seLinuxOptions.role != ''"),
            OfContexts("windowsOptions", "has(s.windowsOptions.hostProcess) && s.windowsOptions.hostProcess"),
            OfContexts("sysctls", $"s.sysctls.exists(y, !(y.name in {PodRules.List(Sysctls)}))"),
            "(variables.usesNode && variables.pod.ephemeralContainers.size() > 0 ? ['debug containers of an agent'] : [])"
                .Replace("variables.pod.ephemeralContainers", PodRules.Optional("variables.pod", "ephemeralContainers"), StringComparison.Ordinal)))
    {
        Variables =
        [
            PodRules.Pod,
            PodRules.Containers,
            PodRules.AllContainers,
            ("agent", "request.namespace + '/' + (has(variables.pod.serviceAccountName) ? variables.pod.serviceAccountName : '')"),
            ("paths", Choose(agents, agent => [.. agent.Reads, .. agent.Writes])),
            ("writable", Choose(agents, agent => agent.Writes)),
            ("sharesNode", $"variables.agent in {PodRules.List(agents.Where(agent => agent.SharesNode).Select(Key))}"),
            ("hostVolumes", $"{PodRules.Optional("variables.pod", "volumes")}.filter(v, has(v.hostPath))"),
            ("readOnly", "variables.hostVolumes.filter(v, !(v.hostPath.path in variables.writable)).map(v, v.name)"),
            ("usesNode", "variables.hostVolumes.size() > 0 || has(variables.pod.hostNetwork) && variables.pod.hostNetwork"
                + " || has(variables.pod.hostPID) && variables.pod.hostPID"),
            ("contexts", "(has(variables.pod.securityContext) ? [variables.pod.securityContext] : [])"
                + " + variables.allContainers.filter(c, has(c.securityContext)).map(c, c.securityContext)"),
        ],
        Refuses = [RequestMatch.NewPods, RequestMatch.DebugContainers],
        WarnsOf = RequestMatch.Templates,
        Namespaces = NamespaceMatch.In([.. agents.Select(agent => agent.Namespace).Distinct().Order(StringComparer.Ordinal)]),
    };

    private static string Key(NodeAgent agent) => $"{agent.Namespace}/{agent.ServiceAccount}";

    private static string Choose(ImmutableArray<NodeAgent> agents, Func<NodeAgent, IEnumerable<string>> paths) =>
        string.Concat(agents.Where(agent => paths(agent).Any()).Select(agent => $"variables.agent == '{Key(agent)}' ? {PodRules.List(paths(agent))} : ")) + "[]";

    private static string OfPod(string property, string condition) =>
        $"({condition} && has(variables.pod.{property}) && variables.pod.{property} ? ['{property}'] : [])";

    private static string OfContainers(string condition, string what) => $"variables.allContainers.filter(c, {condition}).map(c, c.name + ' ({what})')";

    // Security contexts of the pod and of each container.
    private static string OfContexts(string property, string condition) =>
        $"(variables.contexts.exists(s, has(s.{property}) && ({condition})) ? ['{property}'] : [])";
}
