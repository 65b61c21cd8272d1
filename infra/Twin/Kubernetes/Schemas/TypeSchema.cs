namespace HaCluster.Twin.Kubernetes.Schemas;

internal enum Shape
{
    /// <summary>Any JSON: nothing is known of it.</summary>
    Any,
    Scalar,

    /// <summary>Named properties.</summary>
    Object,

    /// <summary>Any names, values of one type.</summary>
    Map,
    List,
}

internal enum ListType
{
    /// <summary>Replaced as a whole.</summary>
    Atomic,

    /// <summary>Scalars that are there once.</summary>
    Set,

    /// <summary>Objects known by some of their properties.</summary>
    Map,
}

/// <summary>What is known of a value: its shape, and how two writers share it. Of a built-in type or of a custom resource's schema.</summary>
internal sealed class TypeSchema
{
    public static TypeSchema Any { get; } = new();

    public Shape Shape { get; init; }

    /// <summary>The OpenAPI type of a scalar: string, integer, number, boolean; int-or-string and quantities are "".</summary>
    public string Scalar { get; init; } = "";

    public string Format { get; init; } = "";

    /// <summary>The model type of a built-in object; empty otherwise.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>Lazy, since types contain themselves.</summary>
    public Func<IReadOnlyDictionary<string, TypeSchema>> PropertiesOf { get; init; } = () => new Dictionary<string, TypeSchema>();

    public IReadOnlyDictionary<string, TypeSchema> Properties => field ??= PropertiesOf();

    /// <summary>The type of a map's values or of a list's items.</summary>
    public TypeSchema Items { get; init; } = null!;

    public ListType List { get; init; }

    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Objects and maps that one writer owns whole.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Whether a strategic merge patch merges the list; else it replaces it.</summary>
    public bool PatchMerges { get; init; }

    /// <summary>Whether a strategic merge patch replaces the object.</summary>
    public bool PatchReplaces { get; init; }

    /// <summary>The property by which a strategic merge patch knows a list's items; null for scalars.</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>Whether properties that nobody declared are kept: <c>x-kubernetes-preserve-unknown-fields</c>.</summary>
    public bool KeepsUnknown { get; init; }

    /// <summary>The schema of a property or of a map's value; <see cref="Any"/> when nothing is known.</summary>
    public TypeSchema Child(string name) => Shape switch
    {
        Shape.Object => Properties.GetValueOrDefault(name, Any),
        Shape.Map => Items,
        _ => Any,
    };
}
