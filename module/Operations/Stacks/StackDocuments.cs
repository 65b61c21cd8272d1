using System.Text.Json;

namespace HaCluster.Operations.Stacks;

/// <summary>The documents of <c>ha</c> as results. Entries that a document leaves out are empty here.</summary>
public static class StackDocuments
{
    public const string Plan = "hacluster.plan/1";
    public const string Proof = "hacluster.proof/3";
    public const string Cost = "hacluster.cost/1";
    public const string Quota = "hacluster.quota/1";

    public static StackPlan ReadPlan(JsonElement document)
    {
        var all = List(document, "resources");
        var names = all.ToDictionary(resource => Text(resource, "urn"), resource => Text(resource, "name"), StringComparer.Ordinal);
        var resources = all.Where(resource => Flag(resource, "custom") && !Flag(resource, "read"))
            .Select(resource => new PlannedResource(
                Text(resource, "type"), Text(resource, "name"), names.GetValueOrDefault(Text(resource, "parent"), ""), Text(resource, "urn")))
            .Where(resource => !resource.Type.StartsWith("pulumi:", StringComparison.Ordinal))
            .ToList();
        var policies = List(document, "policies").Select(Policy).Where(policy => policy.Status != "holds" || policy.Problems.Count > 0).ToList();
        return new StackPlan(
            Text(document, "stack"),
            resources.Count(resource => resource.Type.StartsWith("aws:", StringComparison.Ordinal)),
            resources.Count(resource => resource.Type.StartsWith("kubernetes:", StringComparison.Ordinal)),
            document.TryGetProperty("firstUp", out var first) ? TimeSpan.FromMinutes(first.GetProperty("minutes").GetDouble()) : null,
            policies.Any(policy => policy.Status == "violated"),
            policies, Texts(document, "warnings"), resources);
    }

    public static StackProof ReadProof(JsonElement document) => new(
        Text(document, "stack"), Text(document, "cluster"), Text(document, "verdict"), Whole(document, "nodes"), Whole(document, "pods"), Whole(document, "workloads"),
        Whole(document, "scenarios"), Whole(document, "scenariosFailed"),
        [.. List(document, "classes").Select(one => new ProofScenarios(
            Text(one, "class"), Text(one, "requirement"), Whole(one, "tried"), Whole(one, "failed"), Text(one, "worst"),
            one.TryGetProperty("recoverySeconds", out var seconds) ? TimeSpan.FromSeconds(seconds.GetDouble()) : null))],
        [.. List(document, "violations").Select(one => new StackViolation(
            Whole(one, "number"), Text(one, "invariant"), Text(one.GetProperty("subject"), "name"), Text(one, "text"),
            [.. List(one, "scenarios").Select(scenario => $"{Text(scenario, "class")} {Text(scenario, "name")}")], Numbers(one, "fixes")))],
        [.. List(document, "fixes").Select(one => new StackFix(Whole(one, "number"), Text(one, "kind"), Change(one), Flag(one, "verified"), Numbers(one, "violations")))],
        [.. List(document, "incomplete").Select(one => $"{Text(one, "subject")}: {Text(one, "reason")}")],
        Texts(document, "notes"));

    public static StackCost ReadCost(JsonElement document)
    {
        var (monthly, atMost) = Range(document, "monthly");
        return new StackCost(
            Text(document, "stack"), Text(document, "region"), Text(document, "currency"), monthly, atMost, Range(document, "assumed").AtRest,
            Items(document, "components", "name"), Items(document, "redundancy", "what"),
            [.. List(document, "unpriced").Select(one => $"{Text(one, "component")}: {Text(one, "what")}: {Text(one, "reason")}")],
            document.TryGetProperty("difference", out var difference) ? Comparison(difference) : null);
    }

    public static IReadOnlyList<ServiceQuota> ReadQuotas(JsonElement document) => [.. List(document, "quotas").Select(one => new ServiceQuota(
        Text(document, "stack"), Text(document, "region"), Text(document, "account"), Text(one, "service"), Text(one, "code"), Text(one, "name"), Text(one, "verdict"),
        one.GetProperty("need").GetProperty("atRest").GetDecimal(), one.GetProperty("need").GetProperty("atMost").GetDecimal(), Amount(one, "use"), Amount(one, "limit"),
        Amount(one, "shortBy") ?? 0, Flag(one, "adjustable"), Text(one.GetProperty("need"), "how"), Text(one, "unread"), Text(one, "source")))];

    private static PolicyFinding Policy(JsonElement policy) => new(
        Text(policy, "id"), Text(policy, "title"), Text(policy, "status"), Text(policy, "reason"), Text(policy, "fix"),
        [.. List(policy, "violations").Select(one => $"{Text(one, "resource")}: {Text(one, "problem")}"),
         .. List(policy, "exempted").Select(one => $"exempted: {Text(one, "resource")}: {Text(one, "problem")}"),
         .. Texts(policy, "notInspected").Select(what => $"not inspected: {what}")]);

    private static string Change(JsonElement fix)
    {
        var edits = List(fix, "edits").Select(edit => $"ha-cluster:{Text(edit, "key")}: {(Text(edit, "from") is { Length: > 0 } from ? $"{from} -> " : "")}{Text(edit, "to")}").ToList();
        return edits.Count > 0 ? string.Join('\n', edits) : $"{Text(fix, "object")}\n{Text(fix, "yaml")}".Trim();
    }

    private static CostComparison Comparison(JsonElement difference)
    {
        var (monthly, atMost) = Range(difference, "monthly");
        return new CostComparison(Text(difference.GetProperty("against"), "stack"), monthly, atMost, Items(difference, "components", "name"));
    }

    private static List<CostItem> Items(JsonElement parent, string list, string name) => [.. List(parent, list).Select(one =>
    {
        var (monthly, atMost) = Range(one, "monthly");
        return new CostItem(Text(one, name), monthly, atMost);
    })];

    private static (decimal AtRest, decimal AtMost) Range(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var range) ? (range.GetProperty("atRest").GetDecimal(), range.GetProperty("atMost").GetDecimal()) : (0, 0);

    private static List<JsonElement> List(JsonElement parent, string name) => parent.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];

    private static List<string> Texts(JsonElement parent, string name) => [.. List(parent, name).Select(item => item.GetString() ?? "")];

    private static List<int> Numbers(JsonElement parent, string name) => [.. List(parent, name).Select(item => item.GetInt32())];

    private static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

    private static int Whole(JsonElement parent, string name) => parent.TryGetProperty(name, out var number) ? number.GetInt32() : 0;

    private static decimal? Amount(JsonElement parent, string name) => parent.TryGetProperty(name, out var number) ? number.GetDecimal() : null;

    private static bool Flag(JsonElement parent, string name) => parent.TryGetProperty(name, out var flag) && flag.GetBoolean();
}
