using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>
/// The EBS driver, controller and nodes: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/charts/aws-ebs-csi-driver.
/// </summary>
internal sealed class EbsCsiDriverAddon : IAddonModel
{
    private const string Controller = "ebs-csi-controller", Nodes = "ebs-csi-node";

    // The resources in the templates for sidecars without values.
    private const string Small = "{requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 32Mi}}";

    private static readonly ImmutableArray<string> Helpers = ["provisioner", "attacher", "snapshotter", "resizer"];

    public string Addon => "aws-ebs-csi-driver";

    public string Defaults => """
        controller:
          replicaCount: 2
          resources: {requests: {cpu: 10m, memory: 40Mi}, limits: {memory: 256Mi}}
          updateStrategy: {rollingUpdate: {maxUnavailable: 1}}
          podDisruptionBudget: {enabled: true}
          tolerations:
          - {key: CriticalAddonsOnly, operator: Exists}
          - {effect: NoExecute, operator: Exists, tolerationSeconds: 300}
          affinity:
            podAntiAffinity:
              preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 100
                podAffinityTerm:
                  labelSelector: {matchExpressions: [{key: app, operator: In, values: [ebs-csi-controller]}]}
                  topologyKey: kubernetes.io/hostname
        node:
          resources: {requests: {cpu: 10m, memory: 40Mi}, limits: {memory: 256Mi}}
        sidecars: {}
        """;

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        var controller = configuration.At("controller");
        var sidecars = configuration.At("sidecars");
        var labels = Labels(Controller);
        yield return (AddonPods.Deployment(Controller, labels) with
        {
            Replicas = controller.At("replicaCount"),
            Strategy = controller.At("updateStrategy"),
            Placement = controller.And(ObjectParts.Map(("topologySpreadConstraints", Spread(controller)))),
            Containers =
            [
                ObjectParts.Container("ebs-plugin", controller.At("resources"), ObjectParts.Yaml("{initialDelaySeconds: 10, periodSeconds: 10}")),
                .. Helpers.Select(helper => ObjectParts.Container($"csi-{helper}", Filled(sidecars.At(helper, "resources")) ?? controller.At("resources"))),
                ObjectParts.Container("liveness-probe", Filled(sidecars.At("livenessProbe", "resources")) ?? ObjectParts.Yaml(Small)),
            ],
        }).ToObject();
        var budget = controller.At("podDisruptionBudget");
        if (budget.At("enabled").IsTrue())
            yield return ChartObjects.Budget(AddonPods.Namespace, Controller, labels, Bounded(budget, controller.At("replicaCount").Integer() ?? 0));

        yield return (AddonPods.EveryNode(Nodes, Labels(Nodes)) with
        {
            Containers =
            [
                ObjectParts.Container("ebs-plugin", configuration.At("node", "resources"), ObjectParts.Map()),
                ObjectParts.Container("node-driver-registrar", Filled(sidecars.At("nodeDriverRegistrar", "resources")) ?? ObjectParts.Yaml(Small)),
                ObjectParts.Container("liveness-probe", Filled(sidecars.At("livenessProbe", "resources")) ?? ObjectParts.Yaml(Small)),
            ],
        }).ToObject();
    }

    private static PropertyValue.Map Labels(string app) =>
        AddonPods.Label("app", app).And(AddonPods.Label("app.kubernetes.io/name", "aws-ebs-csi-driver"));

    /// <summary>The chart sets its own selector on every constraint.</summary>
    private static PropertyValue.List Spread(PropertyValue? controller)
    {
        var selector = ObjectParts.Map(("labelSelector", ObjectParts.Map(("matchLabels", AddonPods.Label("app", Controller)))));
        return new PropertyValue.List([.. controller.At("topologySpreadConstraints").Items().Select(constraint => constraint.And(selector))]);
    }

    private static PropertyValue? Bounded(PropertyValue? budget, int replicas) =>
        budget.At("maxUnavailable") is not null || budget.At("minAvailable") is not null ? budget
        : budget.And(ObjectParts.Yaml(replicas <= 2 ? "maxUnavailable: 1" : "minAvailable: 2"));

    private static PropertyValue? Filled(PropertyValue? value) => value is PropertyValue.Map { Entries.IsEmpty: true } ? null : value;
}
