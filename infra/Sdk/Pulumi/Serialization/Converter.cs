using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;
using Type = System.Type;

namespace Pulumi.Serialization;

/// <summary>
/// Makes values from the engine into the types of the program. What does not fit becomes the default of its type, and is warned of:
/// a provider that is newer than the classes must not stop a program.
/// </summary>
/// <param name="warn">Receives the warnings.</param>
internal sealed class Converter(Action<string> warn)
{
    /// <exception cref="InvalidOperationException">Values cannot be converted to the type.</exception>
    public OutputData<T> Convert<T>(string context, Value value)
    {
        var data = Convert(context, value, typeof(T), ImmutableHashSet<Resource>.Empty);
        return new OutputData<T>(data.Resources, data.Value is null ? default! : (T)data.Value, data.IsKnown, data.IsSecret);
    }

    /// <param name="context">What the value is, for messages.</param>
    /// <param name="value">The value on the wire.</param>
    /// <param name="type">What it becomes.</param>
    /// <param name="resources">What it depends on.</param>
    public OutputData<object?> Convert(string context, Value value, Type type, ImmutableHashSet<Resource> resources)
    {
        TargetType.Check(context, type);
        var data = Deserializer.Deserialize(value);
        return data with { Value = ConvertOrWarn(context, data.Value, type), Resources = resources };
    }

    /// <summary>The converted value, or a warning and the type's default.</summary>
    public object? ConvertOrWarn(string context, object? value, Type type)
    {
        var (converted, error) = TryConvert(context, value, type);
        if (error is not null)
            warn(error);
        return converted;
    }

    public Conversion TryConvert(string context, object? value, Type type)
    {
        // Null also represents an unknown value.
        if (value is null)
            return new(type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null);
        type = Nullable.GetUnderlyingType(type) ?? type;

        if (type == typeof(object))
            return new(value);
        if (type == typeof(string))
            return Require<string>(context, value);
        if (type == typeof(bool))
            return Require<bool>(context, value);
        if (type == typeof(double))
            return Require<double>(context, value);
        if (type == typeof(int))
            return value is double number ? new((int)number) : Require<double>(context, value);
        if (type.IsAssignableTo(typeof(AssetOrArchive)))
            return new(type.IsInstanceOfType(value) ? value : type == typeof(Archive) ? new InvalidArchive() : new InvalidAsset());
        if (type.IsAssignableTo(typeof(Resource)))
            return Require<Resource>(context, value);
        if (type == typeof(JsonElement))
            return TryConvertJson(context, value);
        if (type.IsEnum)
            return TryConvertEnum(context, value, type);
        if (EnumTypes.IsEnumType(type))
            return TryConvertEnumType(context, value, type);
        return type.IsConstructedGenericType
            ? GenericConversion.Of(type).TryConvert(this, context, value)
            : OutputTypeConversion.Of(type).TryConvert(this, context, value);
    }

    private static Conversion Require<T>(string context, object value)
        => value is T ? new(value) : Mismatch(context, value, typeof(T));

    internal static Conversion Mismatch(string context, object value, Type expected)
        => new(null, $"Expected {expected.FullName} but got {value.GetType().FullName} deserializing {context}");

    private Conversion TryConvertEnum(string context, object value, Type type)
    {
        var (number, error) = TryConvert(context, value, type.GetEnumUnderlyingType());
        return error is null && number is not null ? new(Enum.ToObject(type, number)) : new(null, error);
    }

    private static Conversion TryConvertEnumType(string context, object value, Type type)
    {
        if (value is not (string or double))
        {
            return new(
                null,
                $"Expected {typeof(string).FullName} or {typeof(double).FullName} but got {value.GetType().FullName} " +
                $"deserializing {context}");
        }

        return EnumTypes.ConstructorFrom(type, value.GetType()) is { } constructor
            ? new(constructor.Invoke([value]))
            : new(null, $"Expected target type {type.FullName} to have a constructor with a single {value.GetType().FullName} parameter.");
    }

    private static Conversion TryConvertJson(string context, object value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            if (WriteJson(context, writer, value) is { } error)
                return new(null, error);
        }

        return new(JsonDocument.Parse(stream.ToArray()).RootElement);
    }

    /// <returns>What is wrong, if anything.</returns>
    private static string? WriteJson(string context, Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                return null;
            case string text:
                writer.WriteStringValue(text);
                return null;
            case double number:
                writer.WriteNumberValue(number);
                return null;
            case bool truth:
                writer.WriteBooleanValue(truth);
                return null;
            case ImmutableArray<object?> list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    if (WriteJson(context, writer, item) is { } error)
                        return error;
                }

                writer.WriteEndArray();
                return null;
            case ImmutableDictionary<string, object?> dictionary:
                writer.WriteStartObject();
                foreach (var (key, item) in dictionary)
                {
                    writer.WritePropertyName(key);
                    if (WriteJson(context, writer, item) is { } error)
                        return error;
                }

                writer.WriteEndObject();
                return null;
            default:
                return $"Unexpected type {value.GetType().FullName} when converting {context} to {nameof(JsonElement)}";
        }
    }
}

/// <summary>A value in its new type, or what is wrong with it.</summary>
internal readonly record struct Conversion(object? Value, string? Error = null);
