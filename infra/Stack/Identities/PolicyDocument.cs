using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Stack.Identities;

/// <summary>Writes IAM policies as JSON (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).</summary>
public static class PolicyDocument
{
    public static string Json(params IEnumerable<PolicyStatement> statements) => new JsonObject
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new JsonArray([.. statements.Select(Statement)]),
    }.ToJsonString(JsonSerializerOptions.Web);

    private static JsonObject Statement(PolicyStatement statement)
    {
        var json = new JsonObject { ["Sid"] = statement.Sid, ["Effect"] = statement.Denies ? "Deny" : "Allow" };
        if (statement.Principal == PolicyStatement.Anyone)
            json["Principal"] = "*";
        else if (statement.Principal is var (kind, name))
            json["Principal"] = new JsonObject { [kind] = name };
        json["Action"] = List(statement.Actions);
        if (!statement.Resources.IsEmpty)
            json["Resource"] = List(statement.Resources);
        if (!statement.Conditions.IsEmpty)
            json["Condition"] = Conditions(statement);
        return json;
    }

    private static JsonObject Conditions(PolicyStatement statement)
    {
        var json = new JsonObject();
        foreach (var group in statement.Conditions.GroupBy(condition => condition.Operator, StringComparer.Ordinal))
        {
            var keys = new JsonObject();
            foreach (var condition in group)
                keys[condition.Key] = List(condition.Values);
            json[group.Key] = keys;
        }

        return json;
    }

    private static JsonNode List(IReadOnlyCollection<string> values) =>
        values.Count == 1 ? JsonValue.Create(values.First()) : new JsonArray([.. values.Select(value => (JsonNode)value)]);
}
