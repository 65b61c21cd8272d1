using System.Runtime.CompilerServices;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Schemas;

/// <summary>The schema of each kind.</summary>
internal static class SchemaCatalog
{
    private static readonly ConditionalWeakTable<ResourceKind, TypeSchema> Schemas = [];

    public static TypeSchema Of(ResourceKind kind) => Schemas.GetValue(kind, static found => found switch
    {
        { Schema: { } schema } => CustomSchema.OfObject(schema),
        { IsCustom: true } => TypeSchema.Any,
        _ => BuiltInSchemas.Find(found.Group, found.Version, found.Kind) ?? TypeSchema.Any,
    });
}
