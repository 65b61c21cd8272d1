using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Stack.Settings;

public sealed partial record StackSettings
{
    /// <summary>With this as its only argument the program writes the schema to standard output, and ends.</summary>
    public const string SchemaArgument = "schema";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string SchemaText() => Schema().ToJsonString(Readable) + "\n";

    /// <summary>The JSON Schema of a stack file: what <see cref="Read"/> accepts, as it describes it.</summary>
    public static JsonObject Schema()
    {
        const string Namespace = SettingsSource.Namespace;
        var top = new SettingsSchema("");
        Read(SettingsReader.Describing(Namespace, top), region: null, $"{Namespace}-stack");
        var config = new JsonObject
        {
            ["aws:region"] = new JsonObject
            {
                ["description"] = "AWS region of the cluster. The only setting without a default. It cannot be changed later.",
                ["type"] = "string",
                ["pattern"] = SettingsSchema.PatternOf(Shapes.Region),
                ["examples"] = new JsonArray("eu-central-1"),
            },
        };
        foreach (var (name, setting) in top.Json["properties"]!.AsObject())
            config[$"{Namespace}:{name}"] = setting!.DeepClone();
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Stack file of HaCluster, Pulumi.STACK.yaml",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["config"] = new JsonObject
                {
                    ["description"] = "Settings of the stack.",
                    ["type"] = new JsonArray("object", "null"),
                    ["properties"] = config,
                    // Settings of other namespaces are read by Pulumi and its providers.
                    ["patternProperties"] = new JsonObject { [$"^(?!{Namespace}:)"] = true },
                    ["additionalProperties"] = false,
                },
                ["secretsprovider"] = new JsonObject { ["description"] = "How Pulumi encrypts secrets.", ["type"] = "string" },
                ["encryptedkey"] = new JsonObject { ["description"] = "Written by Pulumi.", ["type"] = "string" },
                ["encryptionsalt"] = new JsonObject { ["description"] = "Written by Pulumi.", ["type"] = "string" },
                ["environment"] = new JsonObject { ["description"] = "Environments of Pulumi ESC." },
            },
            ["additionalProperties"] = false,
        };
    }
}
