using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;

namespace HaCluster.Twin.Kubernetes.Schemas;

/// <summary>
/// The schemas of the built-in kinds. Structure comes from the models of the official C# client, which are generated from the OpenAPI document of a release;
/// how lists merge comes from <c>merges.csv</c>, since the models do not carry it.
/// </summary>
internal static class BuiltInSchemas
{
    private static readonly ConcurrentDictionary<Type, TypeSchema> Objects = new();
    private static readonly Dictionary<(string Type, string Field), string[]> Merges = ReadMerges();

    private static readonly Dictionary<(string, string, string), Type> Kinds = typeof(V1Pod).Assembly.GetExportedTypes()
        .Select(type => (type, entity: type.GetCustomAttribute<KubernetesEntityAttribute>()))
        .Where(pair => pair.entity is not null && !pair.type.Name.EndsWith("List", StringComparison.Ordinal))
        .GroupBy(pair => (pair.entity!.Group, pair.entity.ApiVersion, pair.entity.Kind))
        .ToDictionary(group => group.Key, group => group.First().type);

    public static TypeSchema? Find(string group, string version, string kind) =>
        Kinds.TryGetValue((group, version, kind), out var type) ? OfObject(type) : null;

    /// <summary>The schema of a model type by its name, such as <c>V1DeleteOptions</c>, which is no kind of its own.</summary>
    public static TypeSchema? FindType(string name) => typeof(V1Pod).Assembly.GetType($"{typeof(V1Pod).Namespace}.{name}") is { } type ? OfObject(type) : null;

    private static TypeSchema OfObject(Type type) => Objects.GetOrAdd(type, static found => new TypeSchema
    {
        Shape = Shape.Object,
        TypeName = found.Name,
        IsAtomic = Merges.TryGetValue((found.Name, ""), out var row) && row[4] == "atomic",
        PropertiesOf = () => found.GetProperties()
            .Select(property => (Name: property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name, property))
            .Where(pair => pair.Name is not null)
            .ToDictionary(pair => pair.Name!, pair => OfProperty(found.Name, pair.Name!, pair.property.PropertyType)),
    });

    private static TypeSchema OfProperty(string owner, string name, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        // Names of an object that a user may choose keep their own merge facts; everything else shares the schema of its type.
        var facts = Merges.GetValueOrDefault((owner, name));
        if (ItemOf(type, typeof(IList<>), 0) is { } item)
        {
            return new()
            {
                Shape = Shape.List,
                Items = OfType(item),
                List = facts?[4] switch { "map" => ListType.Map, "set" => ListType.Set, _ => ListType.Atomic },
                Keys = facts?[5].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
                PatchMerges = facts?[2].StartsWith("merge", StringComparison.Ordinal) ?? false,
                PatchMergeKey = facts?[3] is { Length: > 0 } key ? key : null,
            };
        }
        if (ItemOf(type, typeof(IDictionary<,>), 1) is { } value)
            return new() { Shape = Shape.Map, Items = OfType(value), IsAtomic = facts?[4] == "atomic" };
        // Managed fields are no field that anybody owns; a FieldsV1 is any JSON.
        var schema = OfType(type);
        return facts?[2] == "replace"
            ? new() { Shape = schema.Shape, TypeName = schema.TypeName, PropertiesOf = schema.PropertiesOf, IsAtomic = schema.IsAtomic, PatchReplaces = true }
            : schema;
    }

    private static TypeSchema OfType(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return new() { Shape = Shape.Scalar, Scalar = "string" };
        if (type == typeof(bool))
            return new() { Shape = Shape.Scalar, Scalar = "boolean" };
        if (type == typeof(int) || type == typeof(long))
            return new() { Shape = Shape.Scalar, Scalar = "integer", Format = type == typeof(int) ? "int32" : "int64" };
        if (type == typeof(double) || type == typeof(float))
            return new() { Shape = Shape.Scalar, Scalar = "number", Format = "double" };
        if (type == typeof(DateTime))
            return new() { Shape = Shape.Scalar, Scalar = "string", Format = "date-time" };
        if (type == typeof(byte[]))
            return new() { Shape = Shape.Scalar, Scalar = "string", Format = "byte" };
        if (type == typeof(IntOrString))
            return new() { Shape = Shape.Scalar, Format = "int-or-string" };
        if (type == typeof(ResourceQuantity))
            return new() { Shape = Shape.Scalar, Format = "quantity" };
        if (ItemOf(type, typeof(IList<>), 0) is { } item)
            return new() { Shape = Shape.List, Items = OfType(item) };
        if (ItemOf(type, typeof(IDictionary<,>), 1) is { } value)
            return new() { Shape = Shape.Map, Items = OfType(value) };
        return type.Namespace == typeof(V1Pod).Namespace && type.IsClass ? OfObject(type) : TypeSchema.Any;
    }

    private static Type? ItemOf(Type type, Type generic, int argument) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments()[argument] : null;

    private static Dictionary<(string, string), string[]> ReadMerges()
    {
        using var reader = new StreamReader(typeof(BuiltInSchemas).Assembly.GetManifestResourceStream("merges.csv")!);
        return reader.ReadToEnd().Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.TrimEnd().Split(','))
            .ToDictionary(row => (row[0], row[1]));
    }
}
