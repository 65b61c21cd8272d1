using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Pulumi.Serialization;

/// <summary>How values become a generic type; one instance a type, made by reflection once.</summary>
internal abstract class GenericConversion
{
    private static readonly ConcurrentDictionary<Type, GenericConversion> Known = new();

    /// <exception cref="InvalidOperationException">Values cannot be converted to the type.</exception>
    public static GenericConversion Of(Type type) => Known.GetOrAdd(type, Create);

    public abstract Conversion TryConvert(Converter converter, string context, object value);

    private static GenericConversion Create(Type type)
    {
        var definition = type.GetGenericTypeDefinition();
        var (conversion, arguments) =
            definition == typeof(ImmutableArray<>) ? (typeof(ToArray<>), type.GenericTypeArguments)
            : definition == typeof(ImmutableDictionary<,>) ? (typeof(ToDictionary<>), type.GenericTypeArguments[1..])
            : definition == typeof(Union<,>) ? (typeof(ToUnion<,>), type.GenericTypeArguments)
            : definition == typeof(Output<>) ? (typeof(ToOutput<>), type.GenericTypeArguments)
            : throw new InvalidOperationException($"Unexpected generic target type {type.FullName}");
        return (GenericConversion)Activator.CreateInstance(conversion.MakeGenericType(arguments))!;
    }

    private sealed class ToArray<T> : GenericConversion
    {
        public override Conversion TryConvert(Converter converter, string context, object value)
        {
            if (value is not ImmutableArray<object?> items)
                return Converter.Mismatch(context, value, typeof(ImmutableArray<object>));
            if (typeof(T) == typeof(object))
                return new(value);

            var converted = ImmutableArray.CreateBuilder<T>(items.Length);
            foreach (var item in items)
                converted.Add(converter.ConvertOrWarn(context, item, typeof(T)) is T element ? element : default!);
            return new(converted.MoveToImmutableOrEmpty());
        }
    }

    private sealed class ToDictionary<T> : GenericConversion
    {
        public override Conversion TryConvert(Converter converter, string context, object value)
        {
            if (value is not ImmutableDictionary<string, object?> items)
                return Converter.Mismatch(context, value, typeof(ImmutableDictionary<string, object>));
            if (typeof(T) == typeof(object))
                return new(value);

            var converted = ImmutableDictionary.CreateBuilder<string, T>();
            foreach (var (key, item) in items)
                converted.Add(key, converter.ConvertOrWarn(context, item, typeof(T)) is T element ? element : default!);
            return new(converted.ToImmutable());
        }
    }

    private sealed class ToUnion<T0, T1> : GenericConversion
    {
        public override Conversion TryConvert(Converter converter, string context, object value)
        {
            var (first, firstError) = converter.TryConvert($"{context}.AsT0", value, typeof(T0));
            if (firstError is null)
                return new(Union<T0, T1>.FromT0(first is T0 v0 ? v0 : default!));
            var (second, secondError) = converter.TryConvert($"{context}.AsT1", value, typeof(T1));
            if (secondError is null)
                return new(Union<T0, T1>.FromT1(second is T1 v1 ? v1 : default!));
            return new(
                null,
                $"Expected {typeof(T0).FullName} or {typeof(T1).FullName} but got {value.GetType().FullName} deserializing {context}");
        }
    }

    private sealed class ToOutput<T> : GenericConversion
    {
        public override Conversion TryConvert(Converter converter, string context, object value)
        {
            var (content, error) = converter.TryConvert(context, value, typeof(T));
            return error is null ? new(Output.Create(content is T typed ? typed : default!)) : new(content, error);
        }
    }
}
