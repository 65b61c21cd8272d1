using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Finds the owner of objects: a pod of a Deployment is not a separate workload if the Deployment is among the objects.</summary>
internal sealed class OwnerIndex(IEnumerable<ClusterObject> objects)
{
    private readonly Dictionary<(string Namespace, string Kind, string Name), ClusterObject> _byName = objects
        .GroupBy(one => (one.Namespace, one.Kind, one.Name))
        .ToDictionary(group => group.Key, group => group.First());

    /// <summary>Whether the workload behind the object is among the objects.</summary>
    public bool IsOwned(ClusterObject subject) => Root(subject) is not null;

    /// <summary>The workload that owns the object, or the object itself.</summary>
    public ClusterObject RootOf(ClusterObject subject) => Root(subject) ?? subject;

    /// <summary>A cycle of owners has no owner.</summary>
    private ClusterObject? Root(ClusterObject subject)
    {
        ClusterObject? root = null;
        var passed = new HashSet<ClusterObject>(ReferenceEqualityComparer.Instance) { subject };
        for (var owner = Owner(subject); owner is not null; owner = Owner(owner))
        {
            if (!passed.Add(owner))
                return null;
            root = owner;
        }

        return root;
    }

    private ClusterObject? Owner(ClusterObject subject)
    {
        var reference = subject.At("metadata", "ownerReferences").Items().FirstOrDefault(one => one.At("controller").IsTrue());
        if (reference.At("kind").Text() is not { } kind || reference.At("name").Text() is not { } name)
            return null;
        return _byName.GetValueOrDefault((subject.Namespace, kind, name)) ?? (kind == "ReplicaSet" ? Behind(subject.Namespace, name) : null);
    }

    /// <summary>ReplicaSets are named after their Deployment with a template hash, so they need not be among the objects.</summary>
    private ClusterObject? Behind(string @namespace, string replicaSet) =>
        replicaSet.LastIndexOf('-') is > 0 and var dash ? _byName.GetValueOrDefault((@namespace, "Deployment", replicaSet[..dash])) : null;
}
