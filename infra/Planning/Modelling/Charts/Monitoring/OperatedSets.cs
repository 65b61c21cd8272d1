using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Planning.Rendering;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Charts.Monitoring;

/// <summary>
/// The StatefulSets that the Prometheus operator creates for the Prometheus and Alertmanager objects of a chart, or of manifests
/// (https://github.com/prometheus-operator/prometheus-operator/tree/v0.93.1: pkg/prometheus/server/statefulset.go, pkg/alertmanager/statefulset.go).
/// </summary>
internal static class OperatedSets
{
    private const int PrometheusGraceSeconds = 600, AlertmanagerGraceSeconds = 120;

    // The operator's default requests; it has none for Prometheus.
    private const string AlertmanagerResources = "requests: {memory: 200Mi}";

    // The operator's default resources for config reloaders (cmd/operator/main.go, --config-reloader-*).
    private const string ReloaderResources = "{requests: {cpu: 10m, memory: 50Mi}, limits: {cpu: 10m, memory: 50Mi}}";

    /// <summary>The StatefulSets for Prometheus and Alertmanager objects.</summary>
    public static IEnumerable<ClusterObject> Of(IEnumerable<ClusterObject> objects)
    {
        foreach (var subject in objects)
        {
            if (subject.Kind is not ("Prometheus" or "Alertmanager"))
                continue;
            var app = subject.Kind.ToLowerInvariant();
            var labels = Labels(app, subject.Name).And(subject.Spec.At("podMetadata", "labels"));
            var container = subject.Kind == "Prometheus" ? PrometheusContainer(subject.Spec) : AlertmanagerContainer(subject.Spec);
            var pods = Set(subject.Spec, subject.Namespace, $"{app}-{subject.Name}", labels, container, ObjectParts.Yaml(ReloaderResources));
            yield return new ClusterObject(pods.ToObject() with { Urn = subject.Object.Urn }, subject.Source)
            {
                MadeFrom = new OperatorObject(subject.At("apiVersion").Text() ?? "", subject.Kind, subject.Name),
            };
        }
    }

    public static IEnumerable<KubernetesObject> Prometheus(ChartRelease chart)
    {
        var spec = chart.At("prometheus", "prometheusSpec");
        var name = $"{chart.FullName}-prometheus";
        var labels = Labels("prometheus", name);
        yield return (Set(spec, chart.Namespace, $"prometheus-{name}", labels, PrometheusContainer(spec), ReloaderOf(chart)) with
        {
            DefaultAffinity = Apart(spec, labels, "prometheus"),
        }).ToObject();
        if (chart.At("prometheus", "podDisruptionBudget", "enabled").IsTrue())
        {
            var chosen = Chosen(labels, "app.kubernetes.io/name", "operator.prometheus.io/name");
            yield return ChartObjects.Budget(chart.Namespace, name, chosen, chart.At("prometheus", "podDisruptionBudget"));
        }
    }

    public static IEnumerable<KubernetesObject> Alertmanager(ChartRelease chart)
    {
        var spec = chart.At("alertmanager", "alertmanagerSpec");
        var name = $"{chart.FullName}-alertmanager";
        var labels = Labels("alertmanager", name);
        yield return (Set(spec, chart.Namespace, $"alertmanager-{name}", labels, AlertmanagerContainer(spec), ReloaderOf(chart)) with
        {
            DefaultAffinity = Apart(spec, labels, "alertmanager"),
        }).ToObject();
        if (chart.At("alertmanager", "podDisruptionBudget", "enabled").IsTrue())
        {
            var chosen = Chosen(labels, "app.kubernetes.io/name", "alertmanager");
            yield return ChartObjects.Budget(chart.Namespace, name, chosen, chart.At("alertmanager", "podDisruptionBudget"));
        }
    }

    private static PropertyValue.Map Labels(string app, string name)
    {
        var labels = ObjectParts.Map(
            ("app.kubernetes.io/name", ObjectParts.Text(app)),
            ("app.kubernetes.io/instance", ObjectParts.Text(name)),
            ("app.kubernetes.io/managed-by", ObjectParts.Text("prometheus-operator")),
            (app, ObjectParts.Text(name)));
        return app == "prometheus" ? labels.And(ObjectParts.Map(("operator.prometheus.io/name", ObjectParts.Text(name)))) : labels;
    }

    private static PropertyValue.Map PrometheusContainer(PropertyValue? spec) =>
        ObjectParts.Container("prometheus", spec.At("resources"), ObjectParts.Yaml("periodSeconds: 5"), ObjectParts.Yaml("periodSeconds: 15"));

    private static PropertyValue.Map AlertmanagerContainer(PropertyValue? spec)
    {
        var resources = (spec.At("resources") ?? ObjectParts.Map()).Over(ObjectParts.Yaml(AlertmanagerResources));
        return ObjectParts.Container("alertmanager", resources, ObjectParts.Yaml("{initialDelaySeconds: 3, periodSeconds: 5}"));
    }

    private static PropertyValue? ReloaderOf(ChartRelease chart) => chart.At("prometheusOperator", "prometheusConfigReloader", "resources");

    /// <param name="spec">Of the object of the operator's kind.</param>
    private static ChartPods Set(
        PropertyValue? spec, string @namespace, string name, PropertyValue.Map labels, PropertyValue.Map container, PropertyValue? reloader)
    {
        var isPrometheus = container.At("name").Text() == "prometheus";
        var storage = spec.At(isPrometheus ? "storageSpec" : "storage") ?? spec.At("storage");
        return new ChartPods("StatefulSet", @namespace, name)
        {
            Labels = labels,
            Replicas = spec.At("replicas"),
            Placement = spec,
            PriorityClass = spec.At("priorityClassName"),
            GraceSeconds = spec.At("terminationGracePeriodSeconds") ?? ObjectParts.Number(isPrometheus ? PrometheusGraceSeconds : AlertmanagerGraceSeconds),
            MinReadySeconds = spec.At("minReadySeconds"),
            Containers = [container, ObjectParts.Container("config-reloader", reloader), .. spec.At("containers").Items()],
            InitContainers = [ObjectParts.Container("init-config-reloader", reloader), .. spec.At("initContainers").Items()],
            Claims = storage.At("volumeClaimTemplate") is { } template ? ObjectParts.List(Named(template, $"{name}-db")) : null,
            IsParallel = spec.At("podManagementPolicy").Text() != "OrderedReady",
        };
    }

    private static PropertyValue.Map Named(PropertyValue template, string fallback) =>
        template.And(ObjectParts.Map(("metadata", ObjectParts.Map(("name", template.At("metadata", "name") ?? ObjectParts.Text(fallback))))));

    private static PropertyValue.Map Chosen(PropertyValue.Map labels, params ReadOnlySpan<string> keys)
    {
        var chosen = ObjectParts.Map();
        foreach (var key in keys)
            chosen = chosen.And(ObjectParts.Map((key, labels.At(key))));
        return chosen;
    }

    /// <summary>The affinity that the chart's <c>podAntiAffinity: soft</c> (or <c>hard</c>) sets.</summary>
    private static PropertyValue.Map? Apart(PropertyValue? spec, PropertyValue.Map labels, string app)
    {
        var term = ObjectParts.Map(
            ("topologyKey", spec.At("podAntiAffinityTopologyKey")),
            ("labelSelector", ObjectParts.Map(("matchLabels", Chosen(labels, "app.kubernetes.io/name", app)))));
        return spec.At("podAntiAffinity").Text() switch
        {
            "hard" => ObjectParts.Map(("podAntiAffinity", ObjectParts.Map(("requiredDuringSchedulingIgnoredDuringExecution", ObjectParts.List(term))))),
            "soft" => ObjectParts.Map(("podAntiAffinity", ObjectParts.Map(("preferredDuringSchedulingIgnoredDuringExecution", ObjectParts.List(
                ObjectParts.Map(("weight", ObjectParts.Number(100)), ("podAffinityTerm", term))))))),
            _ => null,
        };
    }
}
