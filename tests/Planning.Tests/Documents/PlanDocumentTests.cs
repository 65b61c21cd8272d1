using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Differences;
using HaCluster.Planning.Documents;
using HaCluster.Planning.Plans.Documents;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Documents;

[Properties(Arbitrary = [typeof(GraphGenerator)], MaxTest = 300)]
public sealed class PlanDocumentTests
{
    [Property]
    public void Everything_but_the_plaintext_of_secrets_comes_back(ResourceGraph graph)
    {
        var redacted = StableOrder.Of(SecretRedaction.Redact(graph));
        var read = Read(Write(graph)).Graph;
        Assert.Equal((redacted.Project, redacted.Stack, redacted.Mode), (read.Project, read.Stack, read.Mode));
        Assert.Equal(redacted.Logs.AsEnumerable(), read.Logs);
        Assert.Equal(redacted.Outputs, read.Outputs);
        Assert.Equal(redacted.Invokes.Select(invoke => (invoke.Token, Text(invoke.Arguments), Text(invoke.Result))), read.Invokes.Select(invoke => (invoke.Token, Text(invoke.Arguments), Text(invoke.Result))));
        Assert.Equal(redacted.Resources.Length, read.Resources.Length);
        foreach (var (expected, actual) in redacted.Resources.Zip(read.Resources))
            AssertSame(expected, actual);
    }

    [Property]
    public void Writing_what_was_read_gives_the_same_bytes(ResourceGraph graph)
    {
        var once = Write(graph);
        Assert.Equal(once, Write(Read(once).Graph));
    }

    [Property]
    public void The_order_of_arrival_does_not_show(ResourceGraph graph) =>
        Assert.Equal(Write(graph), Write(graph with { Resources = [.. graph.Resources.Reverse()], Invokes = [.. graph.Invokes.Reverse()], Logs = [.. graph.Logs.Reverse()] }));

    [Property]
    public void Hiding_secrets_twice_changes_nothing(PropertyValue value) =>
        Assert.Equal(SecretRedaction.Redact(value), SecretRedaction.Redact(SecretRedaction.Redact(value)));

    [Property]
    public void No_plaintext_of_a_secret_gets_through(PropertyValue value)
    {
        var marked = Mark(value, isSecret: false);
        var json = Write(Single("aws:ec2/subnet:Subnet", new { value = marked }));
        Assert.DoesNotContain("PLAINTEXT", json, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_of_a_Kubernetes_secret_is_withheld_even_when_it_was_not_marked()
    {
        var json = Write(Single("kubernetes:core/v1:Secret", new { data = new { key = "PLAINTEXT" }, type = "Opaque" }));
        Assert.DoesNotContain("PLAINTEXT", json, StringComparison.Ordinal);
        Assert.Contains("\"Opaque\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not a plan")]
    [InlineData("[]", "no 'format' entry")]
    [InlineData("{}", "no 'format' entry")]
    [InlineData("""{"format": "hacluster.plan/2"}""", "hacluster.plan/2")]
    [InlineData("""{"format": "hacluster.plan/1"}""", "not a plan of format")]
    [InlineData("""{"format": "hacluster.plan/1", "project": 1}""", "not a plan of format")]
    public void Anything_else_is_refused(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    /// <summary>Someone edits a plan, or another program writes one: what is accepted can be compared.</summary>
    [Fact]
    public void A_plan_with_a_member_that_is_missing_or_null_is_refused_or_usable()
    {
        var graph = new GraphBuilder();
        var subnet = graph.Resource("aws:ec2/subnet:Subnet", "a", new { tags = new { Name = "a" }, secret = new PropertyValue.Secret(Values.Of("x")) });
        graph.Resource("aws:ec2/instance:Instance", "b", new
        {
            subnet = new PropertyValue.Reference(subnet, "id"),
            file = new PropertyValue.Asset("path", "x"),
            files = new PropertyValue.Archive("uri", "https://example.com/x", null),
            far = double.PositiveInfinity,
            later = new PropertyValue.Output(null, true, [subnet]),
        });
        var whole = graph.Log(LogSeverity.Warning, "text").Build() with { Invokes = [new InvokeRecord("aws:index/getRegion:getRegion", Values.NoEntries, Values.NoEntries)] };
        var text = Write(whole);
        var refused = 0;
        foreach (var path in Paths(JsonNode.Parse(text)!).ToList())
        {
            foreach (var isRemoved in new[] { true, false })
            {
                try
                {
                    var read = Read(Without(JsonNode.Parse(text)!, path, isRemoved).ToJsonString()).Graph;
                    _ = PlanDifference.Of(read, whole);
                    _ = PlanDifference.Of(whole, read);
                }
                catch (FormatException)
                {
                    refused++;
                }
                catch (Exception exception)
                {
                    Assert.Fail($"{path} {(isRemoved ? "removed" : "null")}: {exception}");
                }
            }
        }

        Assert.True(refused > 50, $"{refused} were refused");
    }

    [Fact]
    public void A_resource_that_is_there_twice_or_of_another_stack_is_refused()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:ec2/subnet:Subnet", "a");
        var whole = graph.Build();
        Assert.EndsWith("::a is listed twice", Assert.Throws<FormatException>(() => Read(Write(whole with { Resources = [.. whole.Resources, whole.Resources[1]] }))).Message, StringComparison.Ordinal);
        Assert.Contains("is not a URN of this plan", Assert.Throws<FormatException>(() => Read(Write(whole with { Stack = "other" }))).Message, StringComparison.Ordinal);
        Assert.Contains("'x' is not a URN of this plan", Assert.Throws<FormatException>(() => Read(Write(whole).Replace(whole.Resources[1].Urn, "x", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    /// <summary>A walk from it to its stack would never end.</summary>
    [Fact]
    public void A_resource_that_is_its_own_ancestor_is_refused()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:ec2/subnet:Subnet", "a");
        graph.Resource("aws:ec2/subnet:Subnet", "b");
        var whole = graph.Build();
        var (a, b) = (whole.Resources[1], whole.Resources[2]);
        Assert.NotEmpty(Read(Write(whole with { Resources = [whole.Resources[0], a, b with { Parent = a.Urn }] })).Graph.Resources);
        Assert.EndsWith("::a is its own ancestor", Problem(a with { Parent = a.Urn }, b), StringComparison.Ordinal);
        Assert.EndsWith("::a is its own ancestor", Problem(a with { Parent = b.Urn }, b with { Parent = a.Urn }), StringComparison.Ordinal);

        string Problem(params ResourceNode[] resources) =>
            Assert.Throws<FormatException>(() => Read(Write(whole with { Resources = [whole.Resources[0], .. resources] }))).Message;
    }

    [Fact]
    public void The_documented_form_is_what_is_written()
    {
        var json = Write(Single("aws:ec2/subnet:Subnet", new
        {
            secret = new PropertyValue.Secret(Values.Of(new { user = "root", ports = new[] { 1, 2 } })),
            unknown = PropertyValue.Unknown.Instance,
            looksSpecial = new Dictionary<string, object?> { ["$secret"] = 1 },
        }));
        using var document = JsonDocument.Parse(json);
        Assert.Equal("hacluster.plan/1", document.RootElement.GetProperty("format").GetString());
        Assert.Equal("simulated", document.RootElement.GetProperty("mode").GetString());
        var inputs = document.RootElement.GetProperty("resources")[1].GetProperty("inputs");
        Assert.Equal(
            """{"looksSpecial":{"$map":{"$secret":1}},"secret":{"$secret":{"ports":["[secret]","[secret]"],"user":"[secret]"}},"unknown":{"$unknown":true}}""",
            JsonSerializer.Serialize(inputs));
    }

    /// <summary>Of every member of every object, as System.Text.Json writes paths.</summary>
    private static IEnumerable<string> Paths(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is null ? [$"{members.GetPath()}\n{member.Key}"] : Paths(member.Value).Prepend($"{members.GetPath()}\n{member.Key}")),
        JsonArray items => items.Where(item => item is not null).SelectMany(item => Paths(item!)),
        _ => [],
    };

    private static JsonNode Without(JsonNode root, string path, bool isRemoved)
    {
        var parts = path.Split('\n');
        var parent = Objects(root).First(candidate => candidate.GetPath() == parts[0]);
        if (isRemoved)
            parent.Remove(parts[1]);
        else
            parent[parts[1]] = null;
        return root;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Objects(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    private static ResourceGraph Single(string type, object inputs)
    {
        var graph = new GraphBuilder();
        graph.Resource(type, "only", inputs);
        return graph.Build();
    }

    /// <summary>The value with every text inside a secret made recognisable.</summary>
    private static PropertyValue Mark(PropertyValue value, bool isSecret) => value switch
    {
        PropertyValue.Text when isSecret => new PropertyValue.Text("PLAINTEXT"),
        PropertyValue.Asset asset when isSecret => asset with { Value = "PLAINTEXT" },
        PropertyValue.Reference { Id.Length: > 0 } reference when isSecret => reference with { Id = "PLAINTEXT" },
        PropertyValue.Secret secret => new PropertyValue.Secret(Mark(secret.Inner, isSecret: true)),
        PropertyValue.Output { Inner: { } inner } output => output with { Inner = Mark(inner, isSecret || output.IsSecret) },
        PropertyValue.List list => new PropertyValue.List([.. list.Items.Select(item => Mark(item, isSecret))]),
        PropertyValue.Map map => new PropertyValue.Map(map.Entries.SetItems(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Mark(entry.Value, isSecret))))),
        _ => value,
    };

    private static void AssertSame(ResourceNode expected, ResourceNode actual)
    {
        Assert.Equal(expected.Inputs, actual.Inputs);
        Assert.Equal(expected.Outputs, actual.Outputs);
        Assert.Equal(expected.Dependencies.AsEnumerable(), actual.Dependencies);
        Assert.Equal(expected.PropertyDependencies.Keys, actual.PropertyDependencies.Keys);
        Assert.Equal(expected.PropertyDependencies.Values.SelectMany(urns => urns), actual.PropertyDependencies.Values.SelectMany(urns => urns));
        Assert.Equal(
            (expected.Urn, expected.Type, expected.Name, expected.Parent, expected.IsCustom, expected.IsRead, expected.Id, expected.Provider),
            (actual.Urn, actual.Type, actual.Name, actual.Parent, actual.IsCustom, actual.IsRead, actual.Id, actual.Provider));
        var (before, after) = (expected.Options, actual.Options);
        Assert.Equal(
            (before.Protect, before.RetainOnDelete, before.DeleteBeforeReplace, before.DeletedWith, before.ImportId, before.Version, before.PluginDownloadUrl),
            (after.Protect, after.RetainOnDelete, after.DeleteBeforeReplace, after.DeletedWith, after.ImportId, after.Version, after.PluginDownloadUrl));
        Assert.Equal(before.IgnoreChanges.AsEnumerable(), after.IgnoreChanges);
        Assert.Equal(before.ReplaceOnChanges.AsEnumerable(), after.ReplaceOnChanges);
        Assert.Equal(before.AdditionalSecretOutputs.AsEnumerable(), after.AdditionalSecretOutputs);
        Assert.Equal(before.Aliases.AsEnumerable(), after.Aliases);
        Assert.Equal(before.CustomTimeouts, after.CustomTimeouts);
    }

    private static string Text(IReadOnlyDictionary<string, PropertyValue> entries) => string.Join('|', entries);

    private static string Write(ResourceGraph graph)
    {
        using var stream = new MemoryStream();
        PlanDocumentWriter.Write(stream, new PlanDocument(graph, ["a warning"]));
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static PlanDocument Read(string json) => PlanDocumentReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
