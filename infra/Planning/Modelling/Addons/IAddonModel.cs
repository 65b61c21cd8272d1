using HaCluster.Engine.Values;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>One EKS add-on and the objects that it creates in <c>kube-system</c>.</summary>
internal interface IAddonModel
{
    /// <summary>Name of the add-on.</summary>
    string Addon { get; }

    /// <summary>YAML of the add-on's default configuration.</summary>
    string Defaults { get; }

    /// <summary>AWS publishes its manifests.</summary>
    bool IsPublished => true;

    IEnumerable<KubernetesObject> Objects(PropertyValue configuration);
}
