using System.Text.Json.Nodes;

namespace HaCluster.Conformance.Cel;

/// <summary>A pod, and which policies must refuse it because of which containers.</summary>
/// <param name="What">What is special about it.</param>
/// <param name="Refusals"><c>policy: container, container</c>; none when every policy lets it in.</param>
public sealed record PodCase(string What, JsonObject Pod, params string[] Refusals)
{
    private static readonly string Digest = "@sha256:" + new string('a', 64);

    /// <summary>All that are known to be worth a look.</summary>
    public static IReadOnlyList<PodCase> All { get; } =
    [
        new("all is declared", Of(Container())),
        new("nothing is declared", Of(Container(resources: "{}")), "require-limits: app"),
        new("no resources at all", Of(Without(Container(), "resources")), "require-limits: app"),
        new("requests only", Of(Container(resources: """{"requests":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1Gi"}}""")), "require-limits: app"),
        new("no cpu request", Of(Container(resources: """{"requests":{"memory":"1Gi"},"limits":{"memory":"1Gi","ephemeral-storage":"1Gi"}}""")), "require-limits: app"),
        new("no memory limit", Of(Container(resources: """{"requests":{"cpu":"1"},"limits":{"ephemeral-storage":"1Gi"}}""")), "require-limits: app"),
        new("no ephemeral-storage limit", Of(Container(resources: """{"requests":{"cpu":"1"},"limits":{"memory":"1Gi"}}""")), "require-limits: app"),
        new("a cpu limit is not needed", Of(Container(resources: """{"requests":{"cpu":"1"},"limits":{"memory":"1Gi","ephemeral-storage":"1Gi"}}"""))),
        new("no memory limit, said with zero", Of(Container(resources: """{"requests":{"cpu":"1"},"limits":{"memory":"0","ephemeral-storage":"1Gi"}}""")), "require-limits: app"),
        new("no ephemeral-storage limit, said with zero", Of(Container(resources: """{"requests":{"cpu":"1"},"limits":{"memory":"1Gi","ephemeral-storage":"0"}}""")), "require-limits: app"),
        new("no cpu request, said with zero", Of(Container(resources: """{"requests":{"cpu":"0"},"limits":{"memory":"1Gi","ephemeral-storage":"1Gi"}}""")), "require-limits: app"),
        new("one of two containers is open", Of(Container("first"), Container("second", resources: "{}")), "require-limits: second"),
        new("limits of the pod do not bound its disk", With(Of(Container(resources: "{}")), "resources", """{"limits":{"cpu":"1","memory":"1Gi"}}"""), "require-limits: app"),
        new("an open init container", WithInit(Container("init", resources: "{}")), "require-limits: init"),
        new("an open sidecar", WithInit(Sidecar(Container("sidecar", resources: "{}"))), "require-limits: sidecar"),
        new("a closed sidecar", WithInit(Sidecar(Container("sidecar")))),
        new("an ephemeral container cannot have limits", WithEphemeral(Without(Container("debug"), "resources"))),

        new("privileged is false", Of(Privileged(Container(), false))),
        new("privileged is left out", Of(Secured(Container(), """{"runAsNonRoot":true}"""))),
        new("privileged", Of(Privileged(Container(), true)), "refuse-privileged: app"),
        new("a privileged init container", WithInit(Privileged(Container("init"), true)), "refuse-privileged: init"),
        new("a privileged sidecar", WithInit(Sidecar(Privileged(Container("sidecar"), true))), "refuse-privileged: sidecar"),
        new("a privileged ephemeral container", WithEphemeral(Privileged(Container("debug"), true)), "refuse-privileged: debug"),
        new("a Windows host process is for Pod Security to refuse", Of(Secured(Container(), """{"windowsOptions":{"hostProcess":true}}"""))),

        new("a priority class of this cluster", With(Of(Container()), "priorityClassName", "\"critical\"")),
        new("never evicted", With(Of(Container()), "priorityClassName", "\"system-node-critical\""), "refuse-system-priority: system-node-critical"),
        new("never evicted either", With(Of(Container()), "priorityClassName", "\"system-cluster-critical\""), "refuse-system-priority: system-cluster-critical"),

        .. Images(pinned: true,
            "nginx:1.27", "nginx:1.27-alpine", "nginx:latest-1.27", "nginx:_x", "reg:5000/nginx:1.27", "reg.example.com/team/nginx:v1.2.3",
            $"nginx{Digest}", $"nginx:1.27{Digest}", $"nginx:latest{Digest}", $"reg:5000/nginx{Digest}"),
        .. Images(pinned: false,
            "nginx", "nginx:latest", "reg:5000/nginx", "reg:5000/nginx:latest", "reg:5000/latest", "docker.io/library/nginx", "nginx:", "latest", ""),
        new("no image", Of(Without(Container(), "image")), "refuse-unpinned-images: app"),
        new("an unpinned init container", WithInit(Container("init", image: "busybox")), "refuse-unpinned-images: init"),
        new("an unpinned ephemeral container", WithEphemeral(Container("debug", image: "busybox:latest")), "refuse-unpinned-images: debug"),

        new("everything is wrong",
            WithEphemeral(Privileged(Container("debug", image: "busybox"), true), Privileged(Container("app", image: "nginx", resources: "{}"), true)),
            "refuse-privileged: app, debug", "refuse-unpinned-images: app, debug", "require-limits: app"),
    ];

    private static IEnumerable<PodCase> Images(bool pinned, params string[] images) => images.Select(image => new PodCase(
        $"image '{image}'", Of(Container(image: image)), pinned ? [] : ["refuse-unpinned-images: app"]));

    private static JsonObject Container(
        string name = "app",
        string image = "nginx:1.27",
        string resources = """{"requests":{"cpu":"100m"},"limits":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1Gi"}}""") => new()
        {
            ["name"] = name,
            ["image"] = image,
            ["resources"] = JsonNode.Parse(resources),
        };

    private static JsonObject Privileged(JsonObject container, bool privileged) =>
        Secured(container, $$"""{"privileged":{{(privileged ? "true" : "false")}}}""");

    private static JsonObject Secured(JsonObject container, string context)
    {
        container["securityContext"] = JsonNode.Parse(context);
        return container;
    }

    private static JsonObject Sidecar(JsonObject container)
    {
        container["restartPolicy"] = "Always";
        return container;
    }

    private static JsonObject Without(JsonObject container, string property)
    {
        container.Remove(property);
        return container;
    }

    private static JsonObject Of(params JsonNode[] containers) => new() { ["spec"] = new JsonObject { ["containers"] = new JsonArray(containers) } };

    private static JsonObject With(JsonObject pod, string property, string value)
    {
        pod["spec"]![property] = JsonNode.Parse(value);
        return pod;
    }

    private static JsonObject WithInit(JsonObject container) => With(Of(Container()), "initContainers", $"[{container.ToJsonString()}]");

    private static JsonObject WithEphemeral(JsonObject container, JsonObject? app = null) =>
        With(Of(app ?? Container()), "ephemeralContainers", $"[{container.ToJsonString()}]");
}
