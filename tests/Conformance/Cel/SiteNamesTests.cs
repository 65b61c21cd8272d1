using System.Text.Json.Nodes;
using HaCluster.Conformance.Emit;
using HaCluster.Engine;
using HaCluster.Engine.Values;

namespace HaCluster.Conformance.Cel;

/// <summary>Behind the firewall a policy says which domain a site's route may name; here by a CEL that is not ours.</summary>
public sealed class SiteNamesTests
{
    [SkippableFact]
    public async Task A_site_has_its_own_domain_and_no_other()
    {
        Skip.If(CelEvaluator.Missing is not null, CelEvaluator.Missing);
        (string[]? Names, bool IsRefused)[] cases =
        [
            (["hello.example.com"], false),
            (["shop.example.com"], true),
            (["hello.example.com", "shop.example.com"], true),
            (["*.example.com"], true),
            ([], true),
            (null, true),
        ];

        var refusals = await CelEvaluator.FindingsAsync([await PolicyAsync()], new JsonArray([.. cases.Select(each => Route(each.Names))]));

        Assert.Equal(cases.Select(each => each.IsRefused), refusals.Select(said => said.Count > 0));
    }

    private static async Task<JsonNode> PolicyAsync()
    {
        var result = await EmbeddedEngine.RunAsync(StackProgram.Request("firewall", StackProgram.Start));
        Assert.Equal(ProgramOutcome.Succeeded, result.Outcome);
        var policy = result.Graph.Resources.Single(resource => resource.Name == "site-names" && resource.Type.EndsWith(":ValidatingAdmissionPolicy", StringComparison.Ordinal));
        var validations = (PropertyValue.List)policy.Inputs["spec"].AsMap()!["validations"].Unwrap();
        return new JsonObject
        {
            ["name"] = policy.Name,
            ["variables"] = new JsonArray(),
            ["validations"] = new JsonArray([.. validations.Items.Select(validation => (JsonNode)new JsonObject
            {
                ["expression"] = validation.AsMap()!["expression"].AsText(),
                ["messageExpression"] = "'refused'",
            })]),
        };
    }

    private static JsonObject Route(string[]? names)
    {
        var spec = new JsonObject();
        if (names is not null)
            spec["hostnames"] = new JsonArray([.. names.Select(name => (JsonNode)name)]);
        return new JsonObject { ["object"] = new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "site-hello" }, ["spec"] = spec } };
    }
}
