using System.Collections;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace HaCluster.Conformance.Wire;

/// <summary>
/// Messages as JSON objects with the fields that were sent. Google's own formatter refuses what Pulumi allows: empty property names.
/// </summary>
internal static class MessageJson
{
    public static JsonObject Of(IMessage message)
    {
        if (message is Struct properties)
            return new JsonObject(properties.Fields.Select(entry => KeyValuePair.Create(entry.Key, OfValue(entry.Value))));
        var json = new JsonObject();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder().Where(field => IsSent(field, message)))
            json[field.Name] = OfField(field, field.Accessor.GetValue(message));
        return json;
    }

    private static bool IsSent(FieldDescriptor field, IMessage message)
    {
        if (field.HasPresence)
            return field.Accessor.HasValue(message);
        return field.Accessor.GetValue(message) switch
        {
            ICollection collection => collection.Count > 0,
            string text => text.Length > 0,
            bool flag => flag,
            int number => number != 0,
            System.Enum choice => Convert.ToInt32(choice, null) != 0,
            var other => throw new NotSupportedException($"{field.FullName}: {other.GetType()}"),
        };
    }

    private static JsonNode? OfField(FieldDescriptor field, object value) => value switch
    {
        IDictionary map => new JsonObject(map.Keys.Cast<string>().Select(key => KeyValuePair.Create(key, OfItem(map[key]!)))),
        IList list when field.IsRepeated => new JsonArray([.. list.Cast<object>().Select(OfItem)]),
        _ => OfItem(value),
    };

    private static JsonNode? OfItem(object item) => item switch
    {
        Value value => OfValue(value),
        IMessage message => Of(message),
        bool flag => flag,
        int number => number,
        _ => item.ToString(),
    };

    private static JsonNode? OfValue(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.NullValue => null,
        Value.KindOneofCase.BoolValue => value.BoolValue,
        Value.KindOneofCase.NumberValue => value.NumberValue,
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.ListValue => new JsonArray([.. value.ListValue.Values.Select(OfValue)]),
        Value.KindOneofCase.StructValue => Of(value.StructValue),
        _ => throw new InvalidDataException("a value without a kind"),
    };
}
