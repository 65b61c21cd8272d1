using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Twin.Storage;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>Reads one YAML document as JSON; JSON is YAML too.</summary>
internal static class YamlBody
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <exception cref="StatusException">400: it is not YAML.</exception>
    public static JsonNode? Parse(string text)
    {
        try
        {
            return text.AsSpan().TrimStart().StartsWith("{") ? RequestBody.Parse(System.Text.Encoding.UTF8.GetBytes(text)) : ToJson(Reader.Deserialize<object?>(text));
        }
        catch (YamlException error)
        {
            throw StatusException.BadRequest($"error decoding YAML: {error.Message}");
        }
    }

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create(Convert.ToString(pair.Key, CultureInfo.InvariantCulture)!, ToJson(pair.Value)))),
        IList<object> list => new JsonArray([.. list.Select(ToJson)]),
        bool flag => flag,
        string text => text,
        float or double or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        IConvertible number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        _ => throw StatusException.BadRequest($"a YAML value of the type {value.GetType().Name} has no JSON form"),
    };
}
