using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Planning.Policies;

namespace HaCluster.Planning.Plans.Documents;

/// <summary>The entries of <c>policies</c> in a <see cref="PlanDocument"/>.</summary>
internal static class PolicyJson
{
    public static void Write(Utf8JsonWriter json, PolicyResult policy)
    {
        json.WriteStartObject();
        json.WriteString("id", policy.Id);
        json.WriteString("title", policy.Title);
        json.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(policy.Status.ToString()));
        if (policy.Reason is not null)
            json.WriteString("reason", policy.Reason);
        json.WriteString("why", policy.Why);
        json.WriteString("source", policy.Source);
        json.WriteString("fix", policy.Fix);
        WriteViolations(json, "violations", policy.Violations);
        if (!policy.Exempted.IsEmpty)
            WriteViolations(json, "exempted", policy.Exempted);
        if (!policy.NotInspected.IsEmpty)
        {
            json.WriteStartArray("notInspected");
            foreach (var subject in policy.NotInspected)
                json.WriteStringValue(subject);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static PolicyResult Read(JsonElement json) => new()
    {
        Id = json.RequiredText("id"),
        Title = json.RequiredText("title"),
        Status = Enum.Parse<PolicyStatus>(json.RequiredText("status"), ignoreCase: true),
        Reason = json.TryGetProperty("reason", out var reason) ? reason.GetString() : null,
        Why = json.RequiredText("why"),
        Source = json.RequiredText("source"),
        Fix = json.RequiredText("fix"),
        Violations = ReadViolations(json.GetProperty("violations")),
        Exempted = json.TryGetProperty("exempted", out var exempted) ? ReadViolations(exempted) : [],
        NotInspected = json.TryGetProperty("notInspected", out var unseen)
            ? [.. unseen.EnumerateArray().Select(subject => subject.RequiredText())]
            : [],
    };

    private static void WriteViolations(Utf8JsonWriter json, string name, ImmutableArray<Violation> violations)
    {
        json.WriteStartArray(name);
        foreach (var violation in violations)
        {
            json.WriteStartObject();
            json.WriteString("urn", violation.Urn);
            json.WriteString("resource", violation.Resource);
            json.WriteString("problem", violation.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static ImmutableArray<Violation> ReadViolations(JsonElement json) =>
    [
        .. json.EnumerateArray().Select(violation => new Violation(
            violation.RequiredText("urn"),
            violation.RequiredText("resource"),
            violation.RequiredText("problem"))),
    ];
}
