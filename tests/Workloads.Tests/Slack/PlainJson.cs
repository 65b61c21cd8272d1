using System.Text.Json.Nodes;
using HaCluster.Engine.Values;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>Values of the graph as JSON, which is YAML too.</summary>
internal static class PlainJson
{
    public static JsonNode? Of(PropertyValue value) => value switch
    {
        PropertyValue.Output { Inner: { } inner } => Of(inner),
        PropertyValue.Secret => throw new InvalidOperationException("a secret passes through the program"),
        PropertyValue.Map map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))),
        PropertyValue.List list => new JsonArray([.. list.Items.Select(Of)]),
        PropertyValue.Text text => JsonValue.Create(text.Value),
        PropertyValue.Number number => JsonValue.Create(number.Value),
        PropertyValue.Bool flag => JsonValue.Create(flag.Value),
        _ => JsonValue.Create("unknown"),
    };
}
