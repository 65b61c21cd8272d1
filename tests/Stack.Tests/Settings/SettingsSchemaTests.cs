using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Wire;
using Json.Schema;
using YamlDotNet.Serialization;

namespace HaCluster.Stack.Tests.Settings;

public class SettingsSchemaTests
{
    private const string Namespace = "ha-cluster:";

    private static readonly JsonObject Schema = StackSettings.Schema();

    public static TheoryData<string> StackFiles =>
        [.. Directory.EnumerateFiles(StackFile.Root, "Pulumi.*.yaml").Append(Path.Combine("tests", "Conformance", "Stacks", "Pulumi.firewall.yaml")).Select(path => Path.GetRelativePath(StackFile.Root, Path.Combine(StackFile.Root, path)))];

    [Fact]
    public void The_file_that_stack_files_name_is_up_to_date() => Assert.True(
        StackSettings.SchemaText() == File.ReadAllText(Path.Combine(StackFile.Root, "infra", "Stack", "Settings", "settings.schema.json")),
        "write it again: dotnet run --project infra/Cli -- schema --out infra/Stack/Settings/settings.schema.json");

    [Theory]
    [MemberData(nameof(StackFiles))]
    public void Stack_files_of_the_repository_are_valid(string path) => Assert.Empty(Faults(File.ReadAllText(Path.Combine(StackFile.Root, path))));

    [Theory]
    [InlineData("ha-cluster:zones: 1")]
    [InlineData("ha-cluster:zone: 3")]
    [InlineData("ha-cluster:edge: {waf: {enabeld: true}}")]
    [InlineData("ha-cluster:edge: {hostedZones: {your-company.com: x}}")]
    [InlineData("ha-cluster:sites: {Shop: {image: 'a/b:1', domain: a.example.com}}")]
    [InlineData("ha-cluster:cluster: {admins: [alice]}")]
    [InlineData("ha-cluster:nat: none")]
    [InlineData("ha-cluster:cluster: {logRetentionDays: 31}")]
    [InlineData("aws:region: Frankfurt")]
    public void What_the_program_refuses_by_shape_the_schema_refuses_too(string setting) => Assert.NotEmpty(Faults($"config:\n  {setting}\n"));

    [Theory]
    [InlineData("ha-cluster:zones: \"3\"")]
    [InlineData("ha-cluster:sites:")]
    [InlineData("ha-cluster:policies: {imdsv2: no nodes, iam-no-wildcard: {reason: why, resources: [a]}}")]
    [InlineData("ha-cluster:cluster: {deletionProtection: \"false\"}")]
    [InlineData("ha-cluster:quotas: {payments: {cpu: 16, memory: 32Gi}}")]
    [InlineData("ha-cluster:edge: {acmeEmail: \"\"}")]
    [InlineData("aws:profile: prod")]
    public void What_the_program_takes_the_schema_takes_too(string setting) => Assert.Empty(Faults($"config:\n  {setting}\n"));

    [Fact]
    public void The_reader_knows_the_keys_of_the_schema_and_no_others()
    {
        const string Known = "the settings here are ";
        foreach (var (path, node) in Objects())
        {
            // An unknown key makes the reader say all that it knows.
            var (_, problems) = Configuration.Read(Nest(path, new JsonObject { ["zzzzzzzzzzzzzzzzzzzzzz"] = 1 }));
            var problem = Assert.Single(problems, each => each.Contains("zzzzzzzzzzzzzzzzzzzzzz is not a setting; " + Known, StringComparison.Ordinal));
            var known = problem[(problem.IndexOf(Known, StringComparison.Ordinal) + Known.Length)..].Split(", ");
            Assert.Equal(known.Order(StringComparer.Ordinal), node["properties"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_setting_says_what_it_is_and_defaults_are_of_their_type() => Assert.All(Leaves(Config(), ""), leaf =>
    {
        Assert.True(((string?)leaf.Node["description"])?.Length > 10, leaf.Path);
        if (leaf.Node["default"] is { } value)
            Assert.True(IsValid(leaf.Node, value), $"{leaf.Path}: {value.ToJsonString()}");
    });

    [Fact]
    public void A_setting_is_described_by_what_it_takes()
    {
        var min = Config()["ha-cluster:nodePools"]!["properties"]!["general"]!["properties"]!["min"]!;
        Assert.Equal((0, 450, 3), ((int)min["minimum"]!, (int)min["maximum"]!, (int)min["default"]!));
        Assert.Equal(["perZone", "single"], Config()["ha-cluster:nat"]!["enum"]!.AsArray().Select(word => (string)word!));
    }

    private static JsonObject Config() => Schema["properties"]!["config"]!["properties"]!.AsObject();

    /// <summary>Every object whose keys are given, by its path below the top level.</summary>
    private static IEnumerable<(string[] Path, JsonObject Node)> Objects()
    {
        return Config().Where(entry => entry.Key.StartsWith(Namespace, StringComparison.Ordinal)).SelectMany(entry => Below([entry.Key[Namespace.Length..]], entry.Value!.AsObject()));

        static IEnumerable<(string[], JsonObject)> Below(string[] path, JsonObject node)
        {
            if (node["properties"] is not JsonObject properties)
                return [];

            var own = node["x-entry"] is null ? [(path, node)] : Array.Empty<(string[], JsonObject)>();
            // Names of policies and such; an environment needs a namespace that is there, which is no matter here.
            var any = node["additionalProperties"] is JsonObject entry ? Below([.. path, (string?)node["x-example"] ?? "imdsv2"], entry) : [];
            return own.Concat(properties.SelectMany(each => Below([.. path, each.Key], each.Value!.AsObject()))).Concat(any);
        }
    }

    private static IEnumerable<(string Path, JsonObject Node)> Leaves(JsonObject properties, string path) => properties.SelectMany(entry =>
    {
        var node = entry.Value!.AsObject();
        var key = $"{path}.{entry.Key}";
        var below = node["properties"] is JsonObject known ? Leaves(known, key) : [(key, node)];
        return node["additionalProperties"] is JsonObject any ? below.Concat(Leaves(new JsonObject { ["*"] = any.DeepClone() }, key)) : below;
    });

    private static string Nest(string[] path, JsonNode value)
    {
        foreach (var name in path.Reverse())
            value = new JsonObject { [name] = value };
        return value.ToJsonString();
    }

    private static bool IsValid(JsonObject schema, JsonNode value) =>
        JsonSchema.FromText(WithDialect(schema).ToJsonString()).Evaluate(JsonSerializer.SerializeToElement(value)).IsValid;

    private static JsonObject WithDialect(JsonObject schema)
    {
        // It must come first: it says what the other keywords are.
        var copy = new JsonObject { ["$schema"] = Schema["$schema"]!.DeepClone() };
        foreach (var (keyword, value) in schema)
            copy[keyword] = value?.DeepClone();
        return copy;
    }

    private static List<string> Faults(string yaml)
    {
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml);
        var result = JsonSchema.FromText(Schema.ToJsonString())
            .Evaluate(JsonSerializer.SerializeToElement(value), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid
            ? []
            : [.. (result.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")).DefaultIfEmpty("invalid")];
    }
}
