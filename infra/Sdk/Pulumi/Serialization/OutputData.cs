using System.Collections.Immutable;

namespace Pulumi.Serialization;

/// <summary>Resolved state of an output: its value, whether it is known and secret, and the resources it depends on.</summary>
internal readonly record struct OutputData<T>(ImmutableHashSet<Resource> Resources, T Value, bool IsKnown, bool IsSecret)
{
    public static OutputData<T> Known(T value) => new(ImmutableHashSet<Resource>.Empty, value, IsKnown: true, IsSecret: false);

    public OutputData<object?> Untyped => new(Resources, Value, IsKnown, IsSecret);
}
