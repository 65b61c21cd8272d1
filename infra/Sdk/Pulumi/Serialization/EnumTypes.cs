using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>Structs marked <see cref="EnumTypeAttribute"/>: strings or doubles in a type of their own.</summary>
internal static class EnumTypes
{
    private static readonly ConcurrentDictionary<Type, MethodInfo?> Conversions = new();

    public static bool IsEnumType(Type type) => type.IsValueType && type.IsDefined(typeof(EnumTypeAttribute), inherit: false);

    /// <summary>The constructor from the given type of value, public or not.</summary>
    public static ConstructorInfo? ConstructorFrom(Type enumType, Type valueType)
        => enumType.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [valueType]);

    /// <summary>The explicit conversion to the value.</summary>
    public static MethodInfo? ConversionOf(Type enumType)
        => Conversions.GetOrAdd(enumType, static type => type.GetMethod("op_Explicit", BindingFlags.Public | BindingFlags.Static, [type]));

    /// <returns>Whether it is such a struct.</returns>
    /// <exception cref="InvalidOperationException">It is, but cannot be converted.</exception>
    public static bool TryUnwrap(PropertyPath path, object value, [NotNullWhen(true)] out object? underlying)
    {
        underlying = null;
        var type = value.GetType();
        if (!IsEnumType(type))
            return false;

        var conversion = ConversionOf(type);
        if (conversion is null || (conversion.ReturnType != typeof(string) && conversion.ReturnType != typeof(double)))
        {
            throw new InvalidOperationException(
                $"Expected {type.FullName} to have an explicit conversion operator to String or Double.\n\t{path}");
        }

        underlying = conversion.Invoke(null, [value]) ?? "";
        return true;
    }
}
