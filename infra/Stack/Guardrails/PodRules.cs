using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Guardrails;

/// <summary>The rules for pods, wherever they run but in kube-system.</summary>
internal static class PodRules
{
    private static readonly string[] OwnClasses = [PriorityClasses.Critical, PriorityClasses.High];

    // dyn() keeps the API server's type check from asking every kind for the fields of all others.
    internal static readonly (string Name, string Expression) Pod = (
        "pod",
        "object.kind == 'Pod' ? dyn(object).spec"
        + " : object.kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec.template.spec : dyn(object).spec.template.spec");

    internal static readonly (string Name, string Expression) Containers = (
        "containers", $"variables.pod.containers + {Optional("variables.pod", "initContainers")}");

    internal static readonly (string Name, string Expression) AllContainers = (
        "allContainers", $"variables.containers + {Optional("variables.pod", "ephemeralContainers")}");

    // A limit of zero is no limit to the kubelet, and costs a quota nothing. The API server writes every form of zero as "0".
    private const string Declares =
        "has(c.resources) && has(c.resources.requests) && 'cpu' in c.resources.requests && c.resources.requests['cpu'] != '0' "
        + "&& has(c.resources.limits) && 'memory' in c.resources.limits && c.resources.limits['memory'] != '0' "
        + "&& 'ephemeral-storage' in c.resources.limits && c.resources.limits['ephemeral-storage'] != '0'";

    // A digest, or a tag after the last slash that is not latest.
    private const string IsPinned =
        "(IMAGE.matches('@sha256:[0-9a-f]{64}$') || (IMAGE.matches(':[A-Za-z0-9_][A-Za-z0-9_.-]*$') && !IMAGE.endsWith(':latest')))";

    /// <summary>
    /// Containers that do not say what they need. The defaults of a LimitRange are in place by the time this is checked, so that none is left
    /// where there is one; a resize can take them back.
    /// </summary>
    public static readonly AdmissionRule RequireLimits = new(
        "require-limits",
        "set a cpu request, a memory limit and an ephemeral-storage limit above zero on",
        Names("containers", $"!({Declares})"))
    {
        Variables = [Pod, Containers],
        Refuses = [RequestMatch.NewPods, RequestMatch.ResizedPods],
    };

    /// <summary>
    /// Containers that may take far more memory or disk than the scheduler has set aside for them: a few of those on one node, and it runs out.
    /// Up to the default limit anything goes, or a container with a small request and no limit would be refused for a limit that it did not set.
    /// CPU is left out: what is promised too often is shared by the requests, and nothing is evicted.
    /// </summary>
    public static readonly AdmissionRule RefuseOvercommit = new(
        "refuse-overcommit",
        $"a memory limit above {Quota.DefaultMemoryLimit} may be {Quota.MemoryLimitOverRequest} times the request at most, and an ephemeral-storage limit above "
            + $"{Quota.DefaultEphemeralStorageLimit} has to be requested in full; raise the request or lower the limit of",
        $"{Overcommitted("memory", Quota.DefaultMemoryLimit, Quota.MemoryLimitOverRequest)} + {Overcommitted("ephemeral-storage", Quota.DefaultEphemeralStorageLimit, 1)}")
    {
        Variables = [Pod, Containers],
        Refuses = [RequestMatch.NewPods, RequestMatch.ResizedPods],
        WarnsOf = RequestMatch.Templates,
    };

    /// <summary>
    /// Containers that ask for more than the limit they are given where they set none. The API server then refuses the pod with a limit that
    /// nobody wrote, before any policy could explain it, and the Deployment says nothing.
    /// </summary>
    public static readonly AdmissionRule WarnOfDefaultLimits = new(
        "warn-default-limits",
        $"a container without limits of its own gets {Quota.DefaultCpuLimit} cpu, {Quota.DefaultMemoryLimit} of memory and {Quota.DefaultEphemeralStorageLimit} of "
            + "ephemeral-storage at most, and no pod is made when it requests more; set resources.limits on",
        string.Join(
            " + ",
            AboveDefault("cpu", Quota.DefaultCpuLimit),
            AboveDefault("memory", Quota.DefaultMemoryLimit),
            AboveDefault("ephemeral-storage", Quota.DefaultEphemeralStorageLimit)))
    {
        Variables = [Pod, Containers],
        WarnsOf = RequestMatch.Templates,
    };

    /// <summary>Containers that own their node.</summary>
    public static readonly AdmissionRule RefusePrivileged = new(
        "refuse-privileged",
        "privileged containers are refused",
        Names("allContainers", "has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged"))
    {
        Variables = [Pod, Containers, AllContainers],
        Refuses = [RequestMatch.NewPods, RequestMatch.DebugContainers],
        WarnsOf = RequestMatch.Templates,
    };

    /// <summary>
    /// Containers and volumes whose image can change under them, so that a restart after a failure may start something else. Of a pod that is
    /// changed only new images count: an old pod still gets its labels, and loses its finalizers.
    /// </summary>
    public static readonly AdmissionRule RefuseUnpinnedImages = new(
        "refuse-unpinned-images",
        "pin the image to a version or a digest, not latest, on",
        $"variables.allContainers.filter(c, !({Pinned("c", "c.image")}) && !(c.name + ' ' + (has(c.image) ? c.image : '') in variables.known)).map(c, c.name)"
        + $" + {Optional("variables.pod", "volumes")}.filter(v, has(v.image) && !variables.isChange"
        + $" && !({Pinned("v.image", "v.image.reference")})).map(v, 'volume ' + v.name)")
    {
        Variables =
        [
            Pod,
            Containers,
            AllContainers,
            ("isChange", "object.kind == 'Pod' && oldObject != null"),
            ("old", "dyn(oldObject)"),
            ("known", "variables.isChange"
                + $" ? (variables.old.spec.containers + {Optional("variables.old.spec", "initContainers")} + {Optional("variables.old.spec", "ephemeralContainers")})"
                + ".map(c, c.name + ' ' + (has(c.image) ? c.image : '')) : []"),
        ],
        Refuses = [RequestMatch.NewPods, RequestMatch.ChangedPods, RequestMatch.DebugContainers],
        WarnsOf = RequestMatch.Templates,
    };

    /// <summary>
    /// Pods of the two classes that every cluster has: the kubelet never evicts these, however much they write or take
    /// (<c>IsCriticalPod</c> in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/eviction/eviction_manager.go). And pods of any
    /// other class that goes before, or level with, this cluster's own: the quotas of namespaces know only those by name.
    /// </summary>
    public static readonly AdmissionRule RefuseSystemPriority = new(
        "refuse-system-priority",
        "choose a priority class of this cluster (critical, high, standard, batch) or one below high; only kube-system may have",
        "has(variables.pod.priorityClassName) && (variables.pod.priorityClassName.startsWith('system-')"
        + $" || has(variables.pod.priority) && variables.pod.priority >= {PriorityClasses.HighValue} && !(variables.pod.priorityClassName in {List(OwnClasses)}))"
        + " ? [variables.pod.priorityClassName] : []")
    {
        Variables = [Pod],
        Refuses = [RequestMatch.NewPods],
        WarnsOf = RequestMatch.Templates,
    };

    /// <summary>A list that may be missing.</summary>
    internal static string Optional(string owner, string list) => $"(has({owner}.{list}) ? {owner}.{list} : [])";

    internal static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(text => $"'{text}'"))}]";

    private static string Names(string containers, string condition) => $"variables.{containers}.filter(c, {condition}).map(c, c.name)";

    private static string Pinned(string owner, string image) =>
        $"has({image}) && {IsPinned.Replace("IMAGE", image, StringComparison.Ordinal)}";

    private static string Overcommitted(string resource, Quantity free, int times)
    {
        var limit = $"quantity(c.resources.limits['{resource}'])";
        return $"variables.containers.filter(c, {Has("limits", resource)} && {Has("requests", resource)} && {limit}.isGreaterThan(quantity('{free}'))"
            + $" && {limit}.asApproximateFloat() > {times}.0 * quantity(c.resources.requests['{resource}']).asApproximateFloat()).map(c, c.name + ' ({resource})')";
    }

    private static string AboveDefault(string resource, Quantity limit) =>
        $"variables.containers.filter(c, {Has("requests", resource)} && !({Has("limits", resource)})"
        + $" && quantity(c.resources.requests['{resource}']).isGreaterThan(quantity('{limit}'))).map(c, c.name + ' ({resource})')";

    private static string Has(string part, string resource) =>
        $"has(c.resources) && has(c.resources.{part}) && '{resource}' in c.resources.{part}";
}
