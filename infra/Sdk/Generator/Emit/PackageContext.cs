using HaCluster.Sdk.Generator.Schema;
using HaCluster.Sdk.Generator.Typing;

namespace HaCluster.Sdk.Generator.Emit;

/// <summary>What every emitter needs to know of the package.</summary>
internal sealed class PackageContext
{
    public PackageContext(PackageSchema package)
    {
        Package = package;
        Namespaces = new Namespaces(package);
        Uses = new TypeUses(package);
        Types = new TypeNames(Namespaces, Uses);
    }

    public PackageSchema Package { get; }

    public Namespaces Namespaces { get; }

    public TypeUses Uses { get; }

    public TypeNames Types { get; }
}
