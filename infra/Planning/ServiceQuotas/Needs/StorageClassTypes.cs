using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.ServiceQuotas.Needs;

/// <summary>EBS volume types by storage class.</summary>
internal sealed class StorageClassTypes
{
    /// <summary>
    /// What the EBS CSI driver makes when a class names no type (github.com/kubernetes-sigs/aws-ebs-csi-driver, docs/parameters.md).
    /// </summary>
    private const string DriverDefault = "gp3";

    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly string? _default;

    public StorageClassTypes(ResourceGraph graph)
    {
        var ofEbs = graph.OfType("kubernetes:storage.k8s.io/v1:StorageClass").Where(one => one.Inputs.At("provisioner").Text() == "ebs.csi.aws.com");
        foreach (var storageClass in ofEbs)
        {
            var name = storageClass.Inputs.At("metadata", "name").Text() ?? storageClass.Name;
            _types[name] = storageClass.Inputs.At("parameters", "type").Text() ?? DriverDefault;
            if (storageClass.Inputs.At("metadata", "annotations", "storageclass.kubernetes.io/is-default-class").IsTrue())
                _default = name;
        }
    }

    /// <param name="name">Null for the default class.</param>
    /// <returns>Null for a class that is not declared.</returns>
    public string? TypeOf(string? name) => (name ?? _default) is { } known ? _types.GetValueOrDefault(known) : null;
}
