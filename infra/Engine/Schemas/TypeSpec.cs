using System.Collections.Frozen;
using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Schemas;

/// <summary>The type of a property, as the package schema has it.</summary>
internal abstract record TypeSpec
{
    private TypeSpec() { }

    /// <summary>Anything at all, or JSON in either form.</summary>
    public sealed record Any : TypeSpec
    {
        public static readonly Any Instance = new();
    }

    public sealed record Primitive(PrimitiveKind Kind) : TypeSpec;

    public sealed record Array(TypeSpec Items) : TypeSpec;

    public sealed record Map(TypeSpec Values) : TypeSpec;

    /// <summary>A type of the schema by token, resolved when it is needed: types refer to each other in cycles.</summary>
    public sealed record Named(string Token) : TypeSpec;

    public sealed record OneOf(ImmutableArray<TypeSpec> Alternatives) : TypeSpec;

    public sealed record Asset : TypeSpec;

    public sealed record Archive : TypeSpec;
}

internal enum PrimitiveKind
{
    String,
    Boolean,
    Integer,
    Number,
}

/// <summary>One property of a resource, function or object type.</summary>
/// <param name="IsSecret">Providers always return it as a secret.</param>
/// <param name="Const">The only value it can have, such as the <c>kind</c> of a Kubernetes object; null when free.</param>
internal sealed record PropertySpec(string Name, TypeSpec Type, bool IsSecret, PropertyValue? Const);

/// <summary>A set of properties and which of them are required.</summary>
internal sealed record ObjectSpec(FrozenDictionary<string, PropertySpec> Properties, FrozenSet<string> Required)
{
    public static readonly ObjectSpec Empty = new(FrozenDictionary<string, PropertySpec>.Empty, FrozenSet<string>.Empty);
}

/// <summary>A type with a closed set of strings or numbers.</summary>
internal sealed record EnumSpec(PrimitiveKind Kind, ImmutableArray<PropertyValue> Values);

/// <summary>A resource type: what it takes and what it gives back. The required outputs are those that always have a value.</summary>
internal sealed record ResourceSpec(string Token, ObjectSpec Inputs, ObjectSpec Outputs);
