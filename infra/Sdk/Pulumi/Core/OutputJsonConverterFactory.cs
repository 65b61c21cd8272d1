using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pulumi;

/// <summary>Reads and writes outputs and inputs as the values they come to.</summary>
internal sealed class OutputJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => ConverterOf(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        => (JsonConverter)Activator.CreateInstance(ConverterOf(typeToConvert)!.MakeGenericType(typeToConvert.GenericTypeArguments))!;

    private static Type? ConverterOf(Type type)
    {
        if (!type.IsConstructedGenericType)
            return null;

        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(Output<>) ? typeof(OutputConverter<>)
            : definition == typeof(Input<>) ? typeof(InputConverter<>)
            : definition == typeof(InputList<>) ? typeof(InputListConverter<>)
            : definition == typeof(InputMap<>) ? typeof(InputMapConverter<>)
            : null;
    }

    private static Output<T> Read<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
        => NestedOutputs.Current.Give(JsonSerializer.Deserialize<T>(ref reader, options)!);

    // For a value that is not there, null keeps the text well-formed; it will not be used.
    private static void Write<T>(Utf8JsonWriter writer, Output<T> output, JsonSerializerOptions options)
    {
        if (NestedOutputs.Current.TryTake(output, out var value))
            JsonSerializer.Serialize(writer, value, options);
        else
            writer.WriteNullValue();
    }

    private sealed class OutputConverter<T> : JsonConverter<Output<T>>
    {
        public override Output<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => Read<T>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, Output<T> value, JsonSerializerOptions options)
            => OutputJsonConverterFactory.Write(writer, value, options);
    }

    private sealed class InputConverter<T> : JsonConverter<Input<T>>
    {
        public override Input<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => Read<T>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, Input<T> value, JsonSerializerOptions options)
            => OutputJsonConverterFactory.Write(writer, value.Output, options);
    }

    private sealed class InputListConverter<T> : JsonConverter<InputList<T>>
    {
        public override InputList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => Read<ImmutableArray<T>>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, InputList<T> value, JsonSerializerOptions options)
            => OutputJsonConverterFactory.Write(writer, value.Output, options);
    }

    private sealed class InputMapConverter<T> : JsonConverter<InputMap<T>>
    {
        public override InputMap<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => Read<ImmutableDictionary<string, T>>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, InputMap<T> value, JsonSerializerOptions options)
            => OutputJsonConverterFactory.Write(writer, value.Output, options);
    }
}
