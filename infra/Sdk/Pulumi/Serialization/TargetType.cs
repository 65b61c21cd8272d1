using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;

namespace Pulumi.Serialization;

/// <summary>Which types values from the engine can become.</summary>
internal static class TargetType
{
    private static readonly ConcurrentDictionary<Type, bool> Checked = new();

    /// <summary>Checks a type, once.</summary>
    /// <exception cref="InvalidOperationException">It, or something in it, is no type that values can become.</exception>
    public static void Check(string context, Type type)
    {
        if (Checked.ContainsKey(type))
            return;
        Check(context, type, []);
        Checked[type] = true;
    }

    /// <summary>Checks the types of values that are known only at run time.</summary>
    public static void CheckValues(string context, IEnumerable<object?> values)
    {
        foreach (var value in values)
        {
            if (value is not null)
                Check(context, ContentType(value.GetType()));
        }
    }

    private static Type ContentType(Type type)
        => type.IsGenericType && type.GetGenericTypeDefinition() is var definition
           && (definition == typeof(Output<>) || definition == typeof(Input<>))
            ? type.GenericTypeArguments[0]
            : type;

    private static void Check(string context, Type type, HashSet<Type> seen)
    {
        // Types may refer to themselves.
        if (!seen.Add(type) || IsSimple(type))
            return;

        if (EnumTypes.IsEnumType(type))
        {
            CheckEnumType(type);
        }
        else if (type.IsConstructedGenericType)
        {
            foreach (var argument in ContentsOfGeneric(context, type))
                Check(context, argument, seen);
        }
        else
        {
            foreach (var parameter in ConstructorOf(context, type).GetParameters())
                Check($"{type.FullName}({parameter.Name})", parameter.ParameterType, seen);
        }
    }

    private static bool IsSimple(Type type)
        => type == typeof(bool) || type == typeof(int) || type == typeof(double) || type == typeof(string) || type == typeof(object)
           || type == typeof(Asset) || type == typeof(Archive) || type == typeof(AssetOrArchive) || type == typeof(JsonElement)
           || type.IsAssignableTo(typeof(Resource))
           || (type.IsEnum && type.GetEnumUnderlyingType() == typeof(int));

    private static Type[] ContentsOfGeneric(string context, Type type)
    {
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(Nullable<>) || definition == typeof(ImmutableArray<>) || definition == typeof(Output<>)
            || definition == typeof(Union<,>))
        {
            return type.GenericTypeArguments;
        }

        if (definition != typeof(ImmutableDictionary<,>))
        {
            throw new InvalidOperationException(
                $"""
                {context} contains invalid type {type.FullName}:
                    The only generic types allowed are ImmutableArray<...> and ImmutableDictionary<string, ...>
                """);
        }

        return type.GenericTypeArguments[0] == typeof(string)
            ? [type.GenericTypeArguments[1]]
            : throw new InvalidOperationException(
                $"""
                {context} contains invalid type {type.FullName}:
                    The only allowed ImmutableDictionary 'TKey' type is 'String'.
                """);
    }

    private static void CheckEnumType(Type type)
    {
        foreach (var underlying in (Type[])[typeof(string), typeof(double)])
        {
            if (EnumTypes.ConstructorFrom(type, underlying) is null)
                continue;
            if (EnumTypes.ConversionOf(type)?.ReturnType == underlying)
                return;
            throw new InvalidOperationException(
                $"{type.FullName} had [{nameof(EnumTypeAttribute)}], but did not contain an explicit conversion operator " +
                $"to {underlying.FullName}.");
        }

        throw new InvalidOperationException(
            $"{type.FullName} had [{nameof(EnumTypeAttribute)}], but did not contain constructor " +
            "with a single String or Double parameter.");
    }

    private static ConstructorInfo ConstructorOf(string context, Type type)
    {
        if (!type.IsDefined(typeof(OutputTypeAttribute), inherit: false))
        {
            throw new InvalidOperationException(
                $"""
                {context} contains invalid type {type.FullName}. Allowed types are:
                    String, Boolean, Int32, Double,
                    Nullable<...>, ImmutableArray<...> and ImmutableDictionary<string, ...> or
                    a class explicitly marked with the [{nameof(OutputTypeAttribute)}].
                """);
        }

        return FindConstructor(type) ?? throw new InvalidOperationException(
            $"{type.FullName} had [{nameof(OutputTypeAttribute)}], but did not contain constructor " +
            $"marked with [{nameof(OutputConstructorAttribute)}].");
    }

    /// <summary>The marked constructor of an output type, or its only public one.</summary>
    public static ConstructorInfo? FindConstructor(Type type)
    {
        var constructors = type.GetConstructors(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance);
        return constructors.FirstOrDefault(constructor => constructor.IsDefined(typeof(OutputConstructorAttribute)))
            ?? (constructors.Where(constructor => constructor.IsPublic).ToArray() is [var only] ? only : null);
    }
}
