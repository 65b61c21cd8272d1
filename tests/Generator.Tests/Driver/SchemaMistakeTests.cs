using System.Globalization;

namespace HaCluster.Generator.Tests.Driver;

/// <summary>A mistake in a schema is an error at its place, never an exception.</summary>
public class SchemaMistakeTests
{
    [Theory]
    [InlineData("{", "HASDK001", 0, 1)]
    [InlineData("", "HASDK001", 0, 0)]
    [InlineData("{\n \"name\": 'aws'\n}", "HASDK001", 1, 9)]
    [InlineData("{\"name\": \"demo\\q\"}", "HASDK001", 0, 15)]
    [InlineData("{\"name\": \"demo\"} x", "HASDK001", 0, 17)]
    [InlineData("{\"name", "HASDK001", 0, 6)]
    [InlineData("[]", "HASDK002", 0, 0)]
    [InlineData("{\"name\": \"demo\"}", "HASDK002", 0, 0)]
    public void TheFileAsAWhole(string schema, string id, int line, int character)
    {
        var diagnostic = Assert.Single(GeneratorRun.On(schema).Diagnostics);

        Assert.Equal(id, diagnostic.Id);
        Assert.Equal((line, character), (diagnostic.Location.GetLineSpan().StartLinePosition.Line, diagnostic.Location.GetLineSpan().StartLinePosition.Character));
    }

    [Theory]
    [InlineData("\"demo:group\": {}", "HASDK002", "is not a token")]
    [InlineData("\"demo:a/group:Group\": {\"inputProperties\": {\"x\": {}}}", "HASDK002", "'type, $ref or oneOf' is missing")]
    [InlineData("\"demo:a/group:Group\": {\"inputProperties\": {\"x\": {\"type\": \"strin\"}}}", "HASDK002", "'strin' does not exist")]
    [InlineData("\"demo:a/group:Group\": {\"inputProperties\": {\"x\": {\"type\": \"array\"}}}", "HASDK002", "'items' is missing")]
    [InlineData("\"demo:a/group:Group\": {\"inputProperties\": []}", "HASDK002", "'inputProperties' is an object")]
    [InlineData("\"demo:a/group:Group\": {\"requiredInputs\": [\"x\"]}", "HASDK002", "names 'x'")]
    [InlineData("\"demo:a/group:Group\": {\"inputProperties\": {\"x\": {\"$ref\": \"#/types/demo:a/No:No\"}}}", "HASDK003", "demo:a/No:No")]
    [InlineData("\"demo:a/group:Group\": {\"properties\": {\"group\": {\"type\": \"string\"}}}", "HASDK004", "Group.Group")]
    [InlineData("\"demo:a/group:Group\": {\"properties\": {\"x-y\": {\"type\": \"string\"}, \"xY\": {\"type\": \"string\"}}}", "HASDK004", "Group.XY")]
    public void OneResource(string resource, string id, string message)
    {
        var schema = "{\"name\": \"demo\", \"version\": \"1.0.0\", \"meta\": {\"moduleFormat\": \"(.*)(?:/[^/]*)\"}, \"resources\": {" + resource + "}}";
        var diagnostic = Assert.Single(GeneratorRun.On(schema).Diagnostics);

        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
