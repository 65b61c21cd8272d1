using System.Text.Json.Nodes;
using HaCluster.Conformance.Emit;
using HaCluster.Engine;
using HaCluster.Engine.Values;

namespace HaCluster.Conformance.Cel;

/// <summary>The admission policies that the program declares say of each request what they should, according to a CEL that is not ours.</summary>
public sealed class GuardRailTests
{
    private const string Types = "kubernetes:admissionregistration.k8s.io/v1:";

    [SkippableFact]
    public async Task Every_request_is_judged_as_the_table_says()
    {
        Skip.If(CelEvaluator.Missing is not null, CelEvaluator.Missing);
        var policies = await DeclaredPoliciesAsync();

        // A policy that no case breaks would pass whatever it said.
        Assert.All(policies, policy => Assert.Contains(GuardRailCase.All, row => row.Findings.ContainsKey(policy!["name"]!.GetValue<string>())));
        Assert.All(GuardRailCase.All.SelectMany(row => row.Findings.Keys).Distinct(), name => Assert.Contains(policies, policy => policy!["name"]!.GetValue<string>() == name));

        var found = await CelEvaluator.FindingsAsync(policies, new JsonArray([.. GuardRailCase.All.Select(row => row.Request.DeepClone())]));

        var wrong = GuardRailCase.All.Zip(found, (row, said) => (row.What, Wanted: Lines(row.Findings), Said: Lines(said.ToDictionary(pair => pair.Key, Offenders))))
            .Where(verdict => verdict.Wanted != verdict.Said)
            .Select(verdict => $"{verdict.What}: should be [{verdict.Wanted}], is [{verdict.Said}]")
            .ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(GuardRailCase.All.Count, found.Count);
    }

    [SkippableTheory]
    [InlineData("object.spec.containers.filter(c, )")]
    [InlineData("object.spec.containers.map(c, unknown.name)")]
    [InlineData("['a'].nosuch()")]
    public async Task A_wrong_expression_is_found(string expression)
    {
        Skip.If(CelEvaluator.Missing is not null, CelEvaluator.Missing);
        var policy = new JsonObject
        {
            ["name"] = "wrong",
            ["variables"] = new JsonArray(new JsonObject { ["name"] = "offenders", ["expression"] = expression }),
            ["validations"] = new JsonArray(),
        };

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => CelEvaluator.FindingsAsync([policy], []));

        Assert.Contains(expression, exception.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> DeclaredPoliciesAsync()
    {
        var result = await EmbeddedEngine.RunAsync(StackProgram.Request("prod", StackProgram.Start));
        Assert.Equal(ProgramOutcome.Succeeded, result.Outcome);
        var bindings = Specs(result, "ValidatingAdmissionPolicyBinding").ToLookup(binding => binding.Spec["policyName"]!.GetValue<string>(), binding => binding.Spec);
        return new JsonArray([.. Specs(result, "ValidatingAdmissionPolicy").Select(policy => (JsonNode)new JsonObject
        {
            ["name"] = policy.Name,
            ["variables"] = policy.Spec["variables"]?.DeepClone(),
            ["validations"] = policy.Spec["validations"]!.DeepClone(),
            ["bindings"] = new JsonArray([.. bindings[policy.Name].Select(binding => binding["matchResources"]!.DeepClone())]),
        })]);
    }

    private static IEnumerable<(string Name, JsonObject Spec)> Specs(DeploymentResult result, string kind) =>
        result.Graph.Resources.Where(resource => resource.Type == Types + kind).Select(resource => (resource.Name, Json(resource.Inputs["spec"]).AsObject()));

    private static JsonNode Json(PropertyValue value) => value.Unwrap() switch
    {
        PropertyValue.Text text => JsonValue.Create(text.Value),
        PropertyValue.List list => new JsonArray([.. list.Items.Select(Json)]),
        PropertyValue.Map map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Json(entry.Value)))),
        var other => throw new InvalidOperationException($"a policy is made of texts, not {other}"),
    };

    // The offenders come after the colon and the space that end a message.
    private static string Offenders(KeyValuePair<string, string> finding) => finding.Value[(finding.Value.LastIndexOf(": ", StringComparison.Ordinal) + 2)..];

    private static string Lines(IReadOnlyDictionary<string, string> findings) =>
        string.Join("; ", findings.Select(finding => $"{finding.Key}: {finding.Value}").Order(StringComparer.Ordinal));
}
