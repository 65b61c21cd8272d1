using HaCluster.Engine.Values;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>One EKS add-on: which objects it makes in <c>kube-system</c>.</summary>
internal interface IAddonModel
{
    /// <summary>Name of the add-on.</summary>
    string Addon { get; }

    /// <summary>YAML: what the add-on has where its configuration is silent.</summary>
    string Defaults { get; }

    /// <summary>AWS publishes its manifests.</summary>
    bool IsPublished => true;

    IEnumerable<KubernetesObject> Objects(PropertyValue configuration);
}
