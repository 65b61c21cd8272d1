using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

internal static class ImmutableArrays
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> IsDefaultProperties = new();

    /// <summary>
    /// The items of a full builder, without copying. No items are <see cref="ImmutableArray{T}.Empty"/> itself, as in the official SDK: arrays are
    /// equal by reference, and programs compare with it.
    /// </summary>
    public static ImmutableArray<T> MoveToImmutableOrEmpty<T>(this ImmutableArray<T>.Builder full) => full.Count == 0 ? [] : full.MoveToImmutable();

    /// <summary>Tells a default <see cref="ImmutableArray{T}"/>, which throws when it is counted, without knowing its type.</summary>
    public static bool IsDefault(IList list)
    {
        var property = IsDefaultProperties.GetOrAdd(list.GetType(), static type =>
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
                ? type.GetProperty(nameof(ImmutableArray<int>.IsDefault))
                : null);
        return property is not null && (bool)property.GetValue(list)!;
    }
}
