using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Sdk.Generator.Json;

namespace HaCluster.Generator.Tests;

/// <summary>The generator's own JSON reader against the framework's.</summary>
public class JsonReaderTests
{
    [Property]
    public Property ReadsWhatTheFrameworkWrites()
        => Prop.ForAll(Documents(3).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (document, indented) =>
        {
            var text = document?.ToJsonString(new JsonSerializerOptions { WriteIndented = indented }) ?? "null";
            return JsonNode.DeepEquals(JsonNode.Parse(text), Rebuild(JsonReader.Read(text)));
        });

    private static Gen<JsonNode?> Documents(int depth)
    {
        // Half a surrogate pair is not text: the framework replaces it while it writes.
        var text = ArbMap.Default.GeneratorFor<UnicodeString>().Select(value => string.Concat((value.Get ?? "").Where(c => !char.IsSurrogate(c))));
        var leaf = Gen.OneOf(
            text.Select(value => (JsonNode?)value),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(value => (JsonNode?)value.Get),
            Gen.Constant<JsonNode?>(null),
            Gen.Elements(true, false).Select(value => (JsonNode?)value));
        if (depth == 0)
            return leaf;

        var children = Documents(depth - 1);
        return Gen.OneOf(
            leaf,
            children.ListOf().Select(items => (JsonNode?)new JsonArray([.. items])),
            Gen.Zip(text, children).ListOf().Select(members => (JsonNode?)new JsonObject(members.DistinctBy(member => member.Item1)
                .Select(member => KeyValuePair.Create(member.Item1, member.Item2)))));
    }

    private static JsonNode? Rebuild(Sdk.Generator.Json.JsonValue value) => value.Kind switch
    {
        JsonKind.Null => null,
        JsonKind.Boolean => value.Text == "true",
        JsonKind.Number => JsonNode.Parse(value.Text),
        JsonKind.Text => value.Text,
        JsonKind.Array => new JsonArray([.. value.Items.Select(Rebuild)]),
        JsonKind.Object => new JsonObject(value.Members.Select(member => KeyValuePair.Create(member.Key, Rebuild(member.Value)))),
        _ => throw new InvalidOperationException(),
    };
}
