using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Building;

/// <summary>Objects that charts and add-ons create.</summary>
internal static class ChartObjects
{
    public static KubernetesObject Of(string apiVersion, string kind, string @namespace, string name, PropertyValue.Map spec) => new(
        apiVersion,
        kind,
        @namespace,
        name,
        ObjectParts.Map(
            ("apiVersion", ObjectParts.Text(apiVersion)),
            ("kind", ObjectParts.Text(kind)),
            ("metadata", ObjectParts.Map(("name", ObjectParts.Text(name)), ("namespace", ObjectParts.Text(@namespace)))),
            ("spec", spec)).Entries,
        HasWithheldSecrets: false);

    /// <summary>A PodDisruptionBudget from its usual place in the values.</summary>
    public static KubernetesObject Budget(string @namespace, string name, PropertyValue.Map labels, PropertyValue? values) =>
        Of("policy/v1", "PodDisruptionBudget", @namespace, name, ObjectParts.Map(
            ("minAvailable", Amount(values.At("minAvailable"))),
            ("maxUnavailable", Amount(values.At("maxUnavailable"))),
            ("unhealthyPodEvictionPolicy", values.At("unhealthyPodEvictionPolicy")),
            ("selector", ObjectParts.Map(("matchLabels", labels)))));

    /// <summary>A HorizontalPodAutoscaler over a Deployment.</summary>
    public static KubernetesObject Autoscaler(string @namespace, string name, PropertyValue? values) =>
        Of("autoscaling/v2", "HorizontalPodAutoscaler", @namespace, name, ObjectParts.Map(
            ("minReplicas", values.At("minReplicas")),
            ("maxReplicas", values.At("maxReplicas")),
            ("scaleTargetRef", ObjectParts.Map(("kind", ObjectParts.Text("Deployment")), ("name", ObjectParts.Text(name))))));

    private static PropertyValue? Amount(PropertyValue? value) => value is PropertyValue.Text { Value: "" } ? null : value;
}
