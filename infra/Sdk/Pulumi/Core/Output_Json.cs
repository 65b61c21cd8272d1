using System.Runtime.CompilerServices;
using System.Text.Json;
using Pulumi.Serialization;

namespace Pulumi;

public static partial class Output
{
    // Options with our converters for each options of the program: what the serializer finds out about types is kept with them.
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> OptionsWithOutputs = [];

    /// <summary>
    /// The value as JSON. Outputs and inputs within it are waited for: the text is secret if any is, unknown if any is, and depends on the
    /// resources of all.
    /// </summary>
    public static Output<string> JsonSerialize<T>(Output<T> value, JsonSerializerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new Output<string>(SerializeAsync(value, WithOutputs(options)));

        static async Task<OutputData<string>> SerializeAsync(Output<T> value, JsonSerializerOptions options)
        {
            var data = await value.DataTask;
            if (!data.IsKnown)
                return new OutputData<string>(data.Resources, "", IsKnown: false, data.IsSecret);

            while (true)
            {
                var nested = NestedOutputs.While(
                    new NestedOutputs(data.Resources, data.IsSecret), () => JsonSerializer.Serialize(data.Value, options), out var json);

                // Converters cannot wait, so what they found unfinished is waited for here, and then it is all done again.
                if (nested.Unfinished.Count == 0)
                    return new OutputData<string>(nested.Resources, nested.IsKnown ? json : "", nested.IsKnown, nested.IsSecret);
                await Task.WhenAll(nested.Unfinished);
            }
        }
    }

    /// <summary>The value that JSON describes; as secret as the text, which also goes for outputs within it.</summary>
    public static Output<T> JsonDeserialize<T>(Output<string> json, JsonSerializerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new Output<T>(DeserializeAsync(json, WithOutputs(options)));

        static async Task<OutputData<T>> DeserializeAsync(Output<string> json, JsonSerializerOptions options)
        {
            var data = await json.DataTask;
            if (!data.IsKnown)
                return new OutputData<T>(data.Resources, default!, IsKnown: false, data.IsSecret);

            NestedOutputs.While(
                new NestedOutputs(data.Resources, data.IsSecret), () => JsonSerializer.Deserialize<T>(data.Value, options), out var value);
            return new OutputData<T>(data.Resources, value!, IsKnown: true, data.IsSecret);
        }
    }

    private static JsonSerializerOptions WithOutputs(JsonSerializerOptions? options)
        => OptionsWithOutputs.GetValue(
            options ?? JsonSerializerOptions.Default,
            static original => new JsonSerializerOptions(original) { Converters = { new OutputJsonConverterFactory() } });
}
