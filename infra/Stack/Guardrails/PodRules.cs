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

    // The kubelet treats a limit of zero as no limit, and it does not count in a quota. The API server writes every form of zero as "0".
    private const string Declares =
        "has(c.resources) && has(c.resources.requests) && 'cpu' in c.resources.requests && c.resources.requests['cpu'] != '0' "
        + "&& has(c.resources.limits) && 'memory' in c.resources.limits && c.resources.limits['memory'] != '0' "
        + "&& 'ephemeral-storage' in c.resources.limits && c.resources.limits['ephemeral-storage'] != '0'";

    // A digest, or a tag after the last slash that is not latest.
    private const string IsPinned =
        "(IMAGE.matches('@sha256:[0-9a-f]{64}$') || (IMAGE.matches(':[A-Za-z0-9_][A-Za-z0-9_.-]*$') && !IMAGE.endsWith(':latest')))";

    /// <summary>
    /// Containers without requests or limits. The defaults of a LimitRange are applied before this check, so none is left
    /// where there is one; a resize can remove them.
    /// </summary>
    public static readonly AdmissionRule RequireLimits = new(
        "require-limits",
        "set a CPU request, a memory limit and an ephemeral-storage limit, each above zero, on",
        Names("containers", $"!({Declares})"))
    {
        Variables = [Pod, Containers],
        Refuses = [RequestMatch.NewPods, RequestMatch.ResizedPods],
    };

    /// <summary>
    /// Containers that may take far more memory or disk than the scheduler has set aside for them: a few of them can exhaust a node.
    /// Up to the default limit anything goes, or a container with a small request and no limit would be refused for a limit that it did not set.
    /// CPU is left out: what is promised too often is shared by the requests, and nothing is evicted.
    /// </summary>
    public static readonly AdmissionRule RefuseOvercommit = new(
        "refuse-overcommit",
        $"a memory limit above {Quota.DefaultMemoryLimit} may be at most {Quota.MemoryLimitOverRequest} times the request, and an ephemeral-storage limit above "
            + $"{Quota.DefaultEphemeralStorageLimit} must be equal to the request; raise the request or lower the limit of",
        $"{Overcommitted("memory", Quota.DefaultMemoryLimit, Quota.MemoryLimitOverRequest)} + {Overcommitted("ephemeral-storage", Quota.DefaultEphemeralStorageLimit, 1)}")
    {
        Variables = [Pod, Containers],
        Refuses = [RequestMatch.NewPods, RequestMatch.ResizedPods],
        WarnsOf = RequestMatch.Templates,
    };

    /// <summary>
    /// Containers without a limit that request more than the default limit. The API server then refuses the pod with a limit
    /// from a default, before any policy could explain it, and the Deployment shows no error.
    /// </summary>
    public static readonly AdmissionRule WarnOfDefaultLimits = new(
        "warn-default-limits",
        $"a container without limits of its own gets {Quota.DefaultCpuLimit} cpu, {Quota.DefaultMemoryLimit} of memory and {Quota.DefaultEphemeralStorageLimit} of "
            + "ephemeral-storage, and a pod that requests more is refused; set resources.limits on",
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
        "privileged containers are not allowed; remove securityContext.privileged from",
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
        "pin the image to a version (not latest) or a digest on",
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
    /// other class with a priority at or above this cluster's own: the quotas of namespaces list only the latter.
    /// </summary>
    public static readonly AdmissionRule RefuseSystemPriority = new(
        "refuse-system-priority",
        "only kube-system may use this priority; choose critical, high, standard or batch, or a class below high, instead of",
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
