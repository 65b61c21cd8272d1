using System.Text.Json.Nodes;
using HaCluster.Conformance.Emit;
using HaCluster.Engine;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Conformance.Cel;

/// <summary>The admission policies that the program declares say of each pod what they should, in the eyes of a CEL that is not ours.</summary>
public sealed class AdmissionPolicyTests
{
    private const string PolicyType = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";

    [SkippableFact]
    public async Task Every_pod_is_judged_rightly()
    {
        Skip.If(CelEvaluator.Missing is not null, CelEvaluator.Missing);
        var policies = await DeclaredPoliciesAsync();
        Assert.NotEmpty(policies);
        // A case that is always refused or never would prove nothing.
        Assert.All(policies, policy => Assert.Contains(PodCase.All, pod => Refuses(pod, policy!["name"]!.GetValue<string>())));

        var refusals = await CelEvaluator.RefusalsAsync(policies, new JsonArray([.. PodCase.All.Select(each => each.Pod.DeepClone())]));

        var wrong = PodCase.All.Zip(refusals, (pod, said) => (pod.What, Wanted: Lines(pod.Refusals), Said: Lines(said.Select(Short))))
            .Where(verdict => verdict.Wanted != verdict.Said)
            .Select(verdict => $"{verdict.What}: should be refused by [{verdict.Wanted}], is by [{verdict.Said}]")
            .ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(PodCase.All.Count, refusals.Count);
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

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => CelEvaluator.RefusalsAsync([policy], []));

        Assert.Contains(expression, exception.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> DeclaredPoliciesAsync()
    {
        var result = await EmbeddedEngine.RunAsync(StackProgram.Request("prod", StackProgram.Start));
        Assert.Equal(ProgramOutcome.Succeeded, result.Outcome);
        return new JsonArray([.. result.Graph.Resources.Where(resource => resource.Type == PolicyType).Select(Policy)]);
    }

    private static JsonNode Policy(ResourceNode resource)
    {
        var spec = resource.Inputs["spec"].AsMap()!;
        return new JsonObject
        {
            ["name"] = resource.Name,
            ["variables"] = Json(spec["variables"]),
            ["validations"] = Json(spec["validations"]),
        };
    }

    private static JsonNode Json(PropertyValue value) => value.Unwrap() switch
    {
        PropertyValue.Text text => JsonValue.Create(text.Value),
        PropertyValue.List list => new JsonArray([.. list.Items.Select(Json)]),
        PropertyValue.Map map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Json(entry.Value)))),
        var other => throw new InvalidOperationException($"an expression is a text, not {other}"),
    };

    private static bool Refuses(PodCase pod, string policy) => pod.Refusals.Any(refusal => refusal.StartsWith(policy + ':', StringComparison.Ordinal));

    // The names stand after the last colon of a message.
    private static string Short(KeyValuePair<string, string> refusal) => $"{refusal.Key}:{refusal.Value[(refusal.Value.LastIndexOf(':') + 1)..]}";

    private static string Lines(IEnumerable<string> refusals) => string.Join("; ", refusals.Order(StringComparer.Ordinal));
}
