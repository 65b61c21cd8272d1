using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts;

/// <summary>
/// The StatefulSets that the Prometheus operator makes of the chart's Prometheus and Alertmanager
/// (https://github.com/prometheus-operator/prometheus-operator/tree/v0.93.1: pkg/prometheus/server/statefulset.go, pkg/alertmanager/statefulset.go).
/// </summary>
internal static class OperatedSets
{
    private const int PrometheusGraceSeconds = 600, AlertmanagerGraceSeconds = 120;

    // What the operator asks for when nobody says; for Prometheus it asks nothing.
    private const string AlertmanagerResources = "requests: {memory: 200Mi}";

    public static IEnumerable<KubernetesObject> Prometheus(ChartRelease chart)
    {
        var spec = chart.At("prometheus", "prometheusSpec");
        var name = $"{chart.FullName}-prometheus";
        var labels = Fragment.Map(
            ("app.kubernetes.io/name", Fragment.Text("prometheus")),
            ("app.kubernetes.io/instance", Fragment.Text(name)),
            ("app.kubernetes.io/managed-by", Fragment.Text("prometheus-operator")),
            ("operator.prometheus.io/name", Fragment.Text(name)),
            ("prometheus", Fragment.Text(name)));
        var container = Fragment.Container(
            "prometheus", spec.At("resources"), Fragment.Yaml("periodSeconds: 5"), Fragment.Yaml("periodSeconds: 15"));
        yield return Set(chart, spec, $"prometheus-{name}", labels, container, spec.At("storageSpec"), PrometheusGraceSeconds, "prometheus").ToObject();
        if (chart.At("prometheus", "podDisruptionBudget", "enabled").IsTrue())
        {
            var chosen = Chosen(labels, "app.kubernetes.io/name", "operator.prometheus.io/name");
            yield return MadeObject.Budget(chart.Namespace, name, chosen, chart.At("prometheus", "podDisruptionBudget"));
        }
    }

    public static IEnumerable<KubernetesObject> Alertmanager(ChartRelease chart)
    {
        var spec = chart.At("alertmanager", "alertmanagerSpec");
        var name = $"{chart.FullName}-alertmanager";
        var labels = Fragment.Map(
            ("app.kubernetes.io/name", Fragment.Text("alertmanager")),
            ("app.kubernetes.io/instance", Fragment.Text(name)),
            ("app.kubernetes.io/managed-by", Fragment.Text("prometheus-operator")),
            ("alertmanager", Fragment.Text(name)));
        var resources = (spec.At("resources") ?? Fragment.Map()).Over(Fragment.Yaml(AlertmanagerResources));
        var container = Fragment.Container("alertmanager", resources, Fragment.Yaml("{initialDelaySeconds: 3, periodSeconds: 5}"));
        yield return Set(chart, spec, $"alertmanager-{name}", labels, container, spec.At("storage"), AlertmanagerGraceSeconds, "alertmanager").ToObject();
        if (chart.At("alertmanager", "podDisruptionBudget", "enabled").IsTrue())
        {
            var chosen = Chosen(labels, "app.kubernetes.io/name", "alertmanager");
            yield return MadeObject.Budget(chart.Namespace, name, chosen, chart.At("alertmanager", "podDisruptionBudget"));
        }
    }

    private static ChartPods Set(
        ChartRelease chart,
        PropertyValue? spec,
        string name,
        PropertyValue.Map labels,
        PropertyValue container,
        PropertyValue? storage,
        int graceSeconds,
        string app)
    {
        var reloader = chart.At("prometheusOperator", "prometheusConfigReloader", "resources");
        return new ChartPods("StatefulSet", chart.Namespace, name)
        {
            Labels = labels,
            Replicas = spec.At("replicas"),
            Placement = spec,
            DefaultAffinity = Apart(spec, labels, app),
            PriorityClass = spec.At("priorityClassName"),
            GraceSeconds = spec.At("terminationGracePeriodSeconds") ?? Fragment.Number(graceSeconds),
            MinReadySeconds = spec.At("minReadySeconds"),
            Containers = [container, Fragment.Container("config-reloader", reloader), .. spec.At("containers").Items()],
            InitContainers = [Fragment.Container("init-config-reloader", reloader), .. spec.At("initContainers").Items()],
            Claims = storage.At("volumeClaimTemplate") is { } template ? Fragment.List(Named(template, $"{name}-db")) : null,
            IsParallel = spec.At("podManagementPolicy").Text() != "OrderedReady",
        };
    }

    private static PropertyValue.Map Named(PropertyValue template, string fallback) =>
        template.And(Fragment.Map(("metadata", Fragment.Map(("name", template.At("metadata", "name") ?? Fragment.Text(fallback))))));

    private static PropertyValue.Map Chosen(PropertyValue.Map labels, params ReadOnlySpan<string> keys)
    {
        var chosen = Fragment.Map();
        foreach (var key in keys)
            chosen = chosen.And(Fragment.Map((key, labels.At(key))));
        return chosen;
    }

    /// <summary>What the chart's <c>podAntiAffinity: soft</c> (or <c>hard</c>) comes to.</summary>
    private static PropertyValue.Map? Apart(PropertyValue? spec, PropertyValue.Map labels, string app)
    {
        var term = Fragment.Map(
            ("topologyKey", spec.At("podAntiAffinityTopologyKey")),
            ("labelSelector", Fragment.Map(("matchLabels", Chosen(labels, "app.kubernetes.io/name", app)))));
        return spec.At("podAntiAffinity").Text() switch
        {
            "hard" => Fragment.Map(("podAntiAffinity", Fragment.Map(("requiredDuringSchedulingIgnoredDuringExecution", Fragment.List(term))))),
            "soft" => Fragment.Map(("podAntiAffinity", Fragment.Map(("preferredDuringSchedulingIgnoredDuringExecution", Fragment.List(
                Fragment.Map(("weight", Fragment.Number(100)), ("podAffinityTerm", term))))))),
            _ => null,
        };
    }
}
