using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using HaCluster.Twin.Kubernetes.Schemas;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>
/// Reads objects of the built-in kinds in Protobuf, which typed Go clients and newer kubectls send without asking: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
/// Answers are always JSON, which those clients accept. Field numbers are data, <c>protobuf.csv</c>; types are those of the schema.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static readonly byte[] Magic = "k8s\0"u8.ToArray();
    private static readonly Dictionary<(string Type, int Number), Row> Rows = Read();

    /// <exception cref="StatusException">400: it is not such a message; 415: the kind has no known encoding.</exception>
    public static JsonObject Parse(byte[] body)
    {
        if (!body.AsSpan().StartsWith(Magic))
            throw StatusException.BadRequest("the body is not a Kubernetes Protobuf message");
        try
        {
            var (apiVersion, kind, raw) = Envelope(new CodedInputStream(body, Magic.Length, body.Length - Magic.Length));
            var parts = apiVersion.Split('/');
            var schema = BuiltInSchemas.Find(parts.Length == 2 ? parts[0] : "", parts[^1], kind) ?? BuiltInSchemas.FindType($"V1{kind}");
            if (schema is null || !Rows.Keys.Any(key => key.Type == schema.TypeName))
                throw RequestBody.UnsupportedType("application/json");
            var value = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
            ReadMessage(new CodedInputStream(raw), schema.TypeName, schema, value);
            return value;
        }
        catch (InvalidProtocolBufferException error)
        {
            throw StatusException.BadRequest($"the body is not a Kubernetes Protobuf message: {error.Message}");
        }
    }

    // runtime.Unknown: https://github.com/kubernetes/apimachinery/blob/master/pkg/runtime/generated.proto
    private static (string ApiVersion, string Kind, byte[] Raw) Envelope(CodedInputStream input)
    {
        var (apiVersion, kind, raw) = ("", "", Array.Empty<byte>());
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    var type = new CodedInputStream(input.ReadBytes().ToByteArray());
                    while (type.ReadTag() is var part and not 0)
                    {
                        if (WireFormat.GetTagFieldNumber(part) == 1)
                            apiVersion = type.ReadString();
                        else
                            kind = type.ReadString();
                    }
                    break;
                case 2:
                    raw = input.ReadBytes().ToByteArray();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
        return (apiVersion, kind, raw);
    }

    private static void ReadMessage(CodedInputStream input, string type, TypeSchema schema, JsonObject target)
    {
        while (input.ReadTag() is var tag and not 0)
        {
            if (!Rows.TryGetValue((type, WireFormat.GetTagFieldNumber(tag)), out var row))
                input.SkipLastField();
            else if (row.Field.Length == 0)
                ReadMessage(new CodedInputStream(input.ReadBytes().ToByteArray()), row.Note, schema, target);
            else
                ReadField(input, schema.Child(row.Field), row, target);
        }
    }

    private static void ReadField(CodedInputStream input, TypeSchema schema, Row row, JsonObject target)
    {
        switch (schema.Shape)
        {
            case Shape.List:
                if (target[row.Field] is not JsonArray list)
                    target[row.Field] = list = [];
                list.Add(ReadValue(input, schema.Items));
                break;
            case Shape.Map:
                if (target[row.Field] is not JsonObject map)
                    target[row.Field] = map = [];
                ReadEntry(new CodedInputStream(input.ReadBytes().ToByteArray()), schema.Items, map);
                break;
            default:
                if (ReadValue(input, schema) is { } value && !(row.Note == "z" && IsZero(value)))
                    target[row.Field] = value;
                break;
        }
    }

    private static void ReadEntry(CodedInputStream input, TypeSchema schema, JsonObject map)
    {
        var key = "";
        JsonNode? value = null;
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1)
                key = input.ReadString();
            else
                value = ReadValue(input, schema);
        }
        map[key] = value ?? "";
    }

    private static JsonNode? ReadValue(CodedInputStream input, TypeSchema schema)
    {
        if (schema.Shape == Shape.Object)
        {
            var value = new JsonObject();
            ReadMessage(new CodedInputStream(input.ReadBytes().ToByteArray()), schema.TypeName, schema, value);
            return value;
        }
        return (schema.Scalar, schema.Format) switch
        {
            (_, "byte") => Convert.ToBase64String(input.ReadBytes().ToByteArray()),
            (_, "date-time") => Time(new CodedInputStream(input.ReadBytes().ToByteArray())),
            (_, "quantity") => Quantity(new CodedInputStream(input.ReadBytes().ToByteArray())),
            (_, "int-or-string") => IntOrString(new CodedInputStream(input.ReadBytes().ToByteArray())),
            ("boolean", _) => input.ReadBool(),
            ("integer", _) => input.ReadInt64(),
            ("number", _) => input.ReadDouble(),
            ("string", _) => input.ReadString(),
            _ => throw RequestBody.UnsupportedType("application/json"),
        };
    }

    private static JsonNode? Time(CodedInputStream input)
    {
        long seconds = 0;
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1)
                seconds = input.ReadInt64();
            else
                input.SkipLastField();
        }
        return seconds <= 0 ? null : ObjectStore.Timestamp(DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    private static JsonNode Quantity(CodedInputStream input)
    {
        var text = "0";
        while (input.ReadTag() is not 0)
            text = input.ReadString();
        return text;
    }

    private static JsonNode IntOrString(CodedInputStream input)
    {
        var (isText, number, text) = (false, 0L, "");
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    isText = input.ReadInt64() == 1;
                    break;
                case 2:
                    number = input.ReadInt64();
                    break;
                default:
                    text = input.ReadString();
                    break;
            }
        }
        return isText ? text : number;
    }

    private static bool IsZero(JsonNode value) => value is JsonValue scalar
        && ((scalar.TryGetValue(out string? text) && text.Length == 0) || (scalar.TryGetValue(out long number) && number == 0) || (scalar.TryGetValue(out bool flag) && !flag));

    private static Dictionary<(string, int), Row> Read()
    {
        using var reader = new StreamReader(typeof(ProtobufBody).Assembly.GetManifestResourceStream("protobuf.csv")!, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.TrimEnd().Split(','))
            .ToDictionary(row => (row[0], int.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture)), row => new Row(row[1], row[3]));
    }

    /// <param name="Field">The JSON name; empty when the fields of the type in the note stand in its place.</param>
    private sealed record Row(string Field, string Note);
}
