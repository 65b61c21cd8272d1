using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Validation;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Policies;

/// <summary>
/// The policies that a stack switches off, under <see cref="Key"/>: <c>ID: reason</c>, or <c>ID: {reason: ..., resources: [PATTERN]}</c>
/// for some resources only.
/// </summary>
/// <remarks>
/// The program refuses entries of any other form, so they switch nothing off here. Ids are checked here, next to the policies:
/// the program has none.
/// </remarks>
public static class PolicySettings
{
    public const string Key = "ha-cluster:policies";

    /// <exception cref="RefusedSettingsException">An entry names an unknown policy.</exception>
    public static ImmutableArray<PolicySwitch> Read(StackSettings settings)
    {
        if (Parse(settings.Config.GetValueOrDefault(Key)) is not { ValueKind: JsonValueKind.Object } entries)
            return [];
        var unknown = entries.EnumerateObject().Select(entry => entry.Name).Where(id => PolicyCatalog.Find(id) is null).ToList();
        return unknown.Count == 0
            ? [.. entries.EnumerateObject().Select(Read).OfType<PolicySwitch>()]
            : throw new RefusedSettingsException([.. unknown.Select(id => $"{Key}.{id} is not a policy; {Hint(id)}")]);
    }

    private static PolicySwitch? Read(JsonProperty entry) => entry.Value.ValueKind switch
    {
        JsonValueKind.String when Reason(entry.Value) is { } reason => new PolicySwitch(entry.Name, reason, []),
        JsonValueKind.Object when entry.Value.TryGetProperty("reason", out var text) && Reason(text) is { } reason =>
            ReadPatterns(entry.Value) is { } patterns ? new PolicySwitch(entry.Name, reason, patterns) : null,
        _ => null,
    };

    private static string? Reason(JsonElement text) =>
        text.ValueKind == JsonValueKind.String && text.GetString()!.Trim() is { Length: > 0 } reason ? reason : null;

    /// <summary>Null for a malformed list of patterns: read as empty, it would exempt everything.</summary>
    private static ImmutableArray<string>? ReadPatterns(JsonElement entry)
    {
        if (!entry.TryGetProperty("resources", out var list))
            return [];
        var isList = list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);
        return isList ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : null;
    }

    private static string Hint(string id)
    {
        var ids = PolicyCatalog.All.Select(policy => policy.Id).Order(StringComparer.Ordinal);
        return NearestName.Find(id, ids, 1) is [var nearest] ? $"did you mean {nearest}?" : $"known here: {string.Join(", ", ids)}";
    }

    private static JsonElement? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
