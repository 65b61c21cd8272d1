using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Settings;

/// <summary>The objectives of the stack (<c>ha-cluster:objectives</c>). The program has validated them; missing ones have their defaults.</summary>
/// <param name="Serving">Ready replicas that must remain, by workload id.</param>
public sealed record DeclaredObjectives(Objectives Recovery, ImmutableSortedDictionary<string, int> Serving)
{
    /// <summary>Below the name of the project.</summary>
    public const string Setting = "objectives";

    public const string Key = $"ha-cluster:{Setting}";

    /// <summary>The defaults, for use without settings.</summary>
    public static readonly DeclaredObjectives None = new(Objectives.Default, ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));

    /// <summary>The setting of one workload.</summary>
    public static string SubjectOf(string workload) => $"{Key}.serving.{workload}";

    public static DeclaredObjectives Of(StackSettings settings) => Of(settings.Config.GetValueOrDefault(Key));

    /// <param name="json">The value of the setting; null when it is not set.</param>
    public static DeclaredObjectives Of(string? json)
    {
        var root = json is null ? default : Parse(json);
        var recovery = Member(root, "recovery");
        var serving = Member(root, "serving");
        return new DeclaredObjectives(
            new Objectives(
                Time(recovery, "stateless") ?? Objectives.Default.Stateless,
                Time(recovery, "stateful") ?? Objectives.Default.Stateful,
                Time(recovery, "database") ?? Objectives.Default.Database),
            serving.ValueKind != JsonValueKind.Object
                ? ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal)
                : serving.EnumerateObject()
                    .Where(entry => entry.Value.ValueKind == JsonValueKind.Number)
                    .ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value.GetInt32(), StringComparer.Ordinal));
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static TimeSpan? Time(JsonElement recovery, string name) =>
        Member(recovery, name) is { ValueKind: JsonValueKind.String } element ? Duration.Parse(element.GetString()) : null;
}
