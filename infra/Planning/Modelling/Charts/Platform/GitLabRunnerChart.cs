using System.Text.RegularExpressions;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Platform;

/// <summary>
/// GitLab Runner: https://gitlab.com/gitlab-org/charts/gitlab-runner/-/blob/main/values.yaml; and the maximum number of its job pods, as
/// its configuration describes them (https://docs.gitlab.com/runner/executors/kubernetes/).
/// </summary>
internal sealed partial class GitLabRunnerChart : IChartModel
{
    // Both probes have this delay and period.
    private const string Defaults = """
        replicas: 1
        concurrent: 10
        terminationGracePeriodSeconds: 3600
        readinessProbe: {initialDelaySeconds: 60, periodSeconds: 60}
        """;

    public string Chart => "gitlab-runner";

    public IEnumerable<string> Assumptions =>
        ["Every GitLab runner runs its maximum number of jobs, and each job has one service container; node selectors and tolerations of jobs are not read."];

    public IEnumerable<KubernetesObject> Objects(ChartRelease release)
    {
        var chart = release.Over(Defaults);
        var name = chart.FullName;
        yield return new ChartPods("Deployment", chart.Namespace, name)
        {
            Labels = ObjectParts.Map(("app", ObjectParts.Text(name)), ("release", ObjectParts.Text(chart.Name))),
            Replicas = chart.At("replicas"),
            Strategy = chart.At("strategy"),
            Placement = chart.Values,
            PriorityClass = chart.At("priorityClassName"),
            GraceSeconds = chart.At("terminationGracePeriodSeconds"),
            Containers = [ObjectParts.Container(name, chart.At("resources"), chart.At("readinessProbe"))],
        }.ToObject();
        if (chart.At("runners", "config").Text() is { } config)
            yield return Jobs(chart, name, config);
    }

    private static KubernetesObject Jobs(ChartRelease chart, string name, string config)
    {
        var entries = Entry().Matches(config)
            .GroupBy(match => match.Groups["key"].Value)
            .ToDictionary(group => group.Key, group => group.First().Groups["value"].Value);
        var atOnce = (chart.At("replicas").Integer() ?? 1) * (chart.At("concurrent").Integer() ?? 1);
        var spec = ObjectParts.Map(
            ("priorityClassName", entries.TryGetValue("priority_class_name", out var priority) ? ObjectParts.Text(priority) : null),
            ("containers", ObjectParts.List(
                ObjectParts.Container("build", Size(entries, "")),
                ObjectParts.Container("helper", Size(entries, "helper_")),
                ObjectParts.Container("svc-0", Size(entries, "service_")))));
        return ChartObjects.Of("batch/v1", "Job", chart.Namespace, $"{name}-jobs", ObjectParts.Map(
            ("parallelism", ObjectParts.Number(atOnce)),
            ("template", ObjectParts.Map(("metadata", ObjectParts.Map()), ("spec", spec)))));
    }

    private static PropertyValue.Map Size(Dictionary<string, string> entries, string container)
    {
        return ObjectParts.Map(("requests", Side("request")), ("limits", Side("limit")));

        PropertyValue.Map Side(string side) => ObjectParts.Map(
            ("cpu", Amount($"{container}cpu_{side}")),
            ("memory", Amount($"{container}memory_{side}")),
            ("ephemeral-storage", Amount($"{container}ephemeral_storage_{side}")));

        PropertyValue? Amount(string key) => entries.TryGetValue(key, out var value) ? ObjectParts.Text(value) : null;
    }

    [GeneratedRegex("""^\s*(?<key>[a-z_]+)\s*=\s*"(?<value>[^"]*)"\s*$""", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
