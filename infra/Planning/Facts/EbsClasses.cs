using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Facts;

/// <summary>The declared storage classes of the EBS driver, with the EBS volumes that they create.</summary>
internal sealed class EbsClasses
{
    private const string ClassType = "kubernetes:storage.k8s.io/v1:StorageClass";
    private const string Driver = "ebs.csi.aws.com";

    /// <summary>
    /// The volume type of a class that names none (github.com/kubernetes-sigs/aws-ebs-csi-driver, docs/parameters.md).
    /// </summary>
    public const string DefaultType = "gp3";

    private readonly Dictionary<string, PropertyValue> _parameters = new(StringComparer.Ordinal);
    private readonly string? _default;

    public EbsClasses(ResourceGraph graph)
    {
        foreach (var one in graph.Resources.Where(one => one is { Type: ClassType, IsRead: false } && one.Inputs.At("provisioner").Text() == Driver))
        {
            var name = one.Inputs.At("metadata", "name").Text() ?? one.Name;
            _parameters[name] = one.Inputs.At("parameters") ?? PropertyValue.Null.Instance;
            if (one.Inputs.At("metadata", "annotations", "storageclass.kubernetes.io/is-default-class").IsTrue())
                _default = name;
        }
    }

    /// <param name="name">Null for the default class.</param>
    /// <returns>Its parameters; null for a class that is not declared.</returns>
    public PropertyValue? Find(string? name) => (name ?? _default) is { } known ? _parameters.GetValueOrDefault(known) : null;

    /// <summary>The type of its volumes, such as <c>gp3</c>; null for a class that is not declared.</summary>
    public string? TypeOf(string? name) => Find(name) is { } parameters ? parameters.At("type").Text() ?? DefaultType : null;
}
