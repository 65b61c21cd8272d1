using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Charts.Making;

/// <summary>Objects that charts and add-ons create.</summary>
internal static class MadeObject
{
    public static KubernetesObject Of(string apiVersion, string kind, string @namespace, string name, PropertyValue.Map spec) => new(
        apiVersion,
        kind,
        @namespace,
        name,
        Fragment.Map(
            ("apiVersion", Fragment.Text(apiVersion)),
            ("kind", Fragment.Text(kind)),
            ("metadata", Fragment.Map(("name", Fragment.Text(name)), ("namespace", Fragment.Text(@namespace)))),
            ("spec", spec)).Entries,
        HasWithheldSecrets: false);

    /// <summary>A PodDisruptionBudget from its usual place in the values.</summary>
    public static KubernetesObject Budget(string @namespace, string name, PropertyValue.Map labels, PropertyValue? values) =>
        Of("policy/v1", "PodDisruptionBudget", @namespace, name, Fragment.Map(
            ("minAvailable", Amount(values.At("minAvailable"))),
            ("maxUnavailable", Amount(values.At("maxUnavailable"))),
            ("unhealthyPodEvictionPolicy", values.At("unhealthyPodEvictionPolicy")),
            ("selector", Fragment.Map(("matchLabels", labels)))));

    /// <summary>A HorizontalPodAutoscaler over a Deployment.</summary>
    public static KubernetesObject Autoscaler(string @namespace, string name, PropertyValue? values) =>
        Of("autoscaling/v2", "HorizontalPodAutoscaler", @namespace, name, Fragment.Map(
            ("minReplicas", values.At("minReplicas")),
            ("maxReplicas", values.At("maxReplicas")),
            ("scaleTargetRef", Fragment.Map(("kind", Fragment.Text("Deployment")), ("name", Fragment.Text(name))))));

    private static PropertyValue? Amount(PropertyValue? value) => value is PropertyValue.Text { Value: "" } ? null : value;
}
