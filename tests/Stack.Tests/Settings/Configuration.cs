using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Tests.Settings;

/// <summary>Settings as a stack file has them, in the form that the engine hands to the program.</summary>
internal static class Configuration
{
    /// <summary>Reads an object of settings, without the namespace in front of its keys.</summary>
    public static (StackSettings Settings, IReadOnlyList<string> Problems) Read(string json, string? region = "eu-central-1", params string[] secrets)
    {
        var problems = new SettingsProblems();
        var settings = StackSettings.Read(SettingsReader.Root("ha-cluster", Flatten(json), secrets.ToHashSet(), problems), region, "ha-cluster-test");
        return (settings, problems.Messages);
    }

    /// <summary>Text is itself, everything else its JSON.</summary>
    public static ImmutableDictionary<string, string> Flatten(string json) => JsonSerializer
        .Deserialize<Dictionary<string, JsonElement>>(json)!
        .ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : pair.Value.GetRawText());
}
