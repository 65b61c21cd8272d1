using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>
/// The snapshot controller, as
/// https://github.com/kubernetes-csi/external-snapshotter/blob/master/deploy/kubernetes/snapshot-controller/setup-snapshot-controller.yaml has it.
/// </summary>
internal sealed class SnapshotControllerAddon : IAddonModel
{
    public string Addon => "snapshot-controller";

    public bool IsPublished => false;

    public string Defaults => """
        replicaCount: 2
        tolerations: [{key: CriticalAddonsOnly, operator: Exists}]
        """;

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        yield return (AddonPods.Deployment(Addon, AddonPods.Label("app.kubernetes.io/name", Addon)) with
        {
            Replicas = configuration.At("replicaCount"),
            Strategy = ObjectParts.Yaml("rollingUpdate: {maxSurge: 0, maxUnavailable: 1}"),
            MinReadySeconds = ObjectParts.Number(35),
            Placement = configuration,
            Containers = [ObjectParts.Container(Addon, configuration.At("resources"))],
        }).ToObject();
    }
}
