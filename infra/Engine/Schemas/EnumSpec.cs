using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Schemas;

/// <summary>A type with a closed set of strings or numbers.</summary>
internal sealed record EnumSpec(PrimitiveKind Kind, ImmutableArray<PropertyValue> Values);
