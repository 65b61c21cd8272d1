using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>Tells a default <see cref="ImmutableArray{T}"/>, which throws when it is counted, without knowing its type.</summary>
internal static class ImmutableArrays
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> IsDefaultProperties = new();

    public static bool IsDefault(IList list)
    {
        var property = IsDefaultProperties.GetOrAdd(list.GetType(), static type =>
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
                ? type.GetProperty(nameof(ImmutableArray<int>.IsDefault))
                : null);
        return property is not null && (bool)property.GetValue(list)!;
    }
}
