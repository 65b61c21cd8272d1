using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Engine.Validation;
using Pulumi;

namespace HaCluster.Stack.Settings;

/// <summary>
/// What the user configured: <see cref="Config"/> gives values by name; the names themselves, needed to refuse a misspelled key, and which
/// of them are secret come from the same two variables that <see cref="Config"/> is read from.
/// </summary>
public static class SettingsSource
{
    /// <summary>The configuration namespace of this program: its project name.</summary>
    public const string Namespace = "ha-cluster";

    // A slip in one of these is worth an error.
    private static readonly string[] MeantNamespaces = [Namespace, "aws", "kubernetes"];

    // These are like one of those and are not meant so.
    private static readonly string[] Namespaces = [.. MeantNamespaces, "aws-native", "awsx", "pulumi"];

    /// <summary>With this as its only argument the program checks the settings in its environment without an engine, writes the result, and ends.</summary>
    public const string CheckArgument = "check";

    private const string ValuesVariable = "PULUMI_CONFIG";
    private const string SecretKeysVariable = "PULUMI_CONFIG_SECRET_KEYS";

    /// <summary>Reads and checks the settings of the running stack.</summary>
    /// <exception cref="RunException">One or more settings are wrong; the message lists all of them, one per line.</exception>
    public static StackSettings Load()
    {
        var (config, aws) = (new Config(Namespace), new Config("aws"));
        var problems = new SettingsProblems();
        var settings = Read(config.Get, aws.Get("region"), $"{Deployment.Instance.ProjectName}-{Deployment.Instance.StackName}", problems);
        return problems.Messages.Count == 0 ? settings : throw new RunException(string.Join('\n', problems.Messages));
    }

    /// <summary>The same without an engine, as JSON: <c>{"problems": ["..."], "warnings": ["..."]}</c>.</summary>
    public static string CheckText()
    {
        var config = Environment.GetEnvironmentVariable(ValuesVariable) is { Length: > 0 } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)! : [];
        var problems = new SettingsProblems();
        var settings = Read(
            name => config.GetValueOrDefault($"{Namespace}:{name}"),
            config.GetValueOrDefault("aws:region"),
            $"{Environment.GetEnvironmentVariable("PULUMI_PROJECT")}-{Environment.GetEnvironmentVariable("PULUMI_STACK")}",
            problems);
        // After an error the values are defaults that must not be used.
        IEnumerable<string> warnings = problems.Messages.Count == 0 ? Notices.For(settings) : [];
        return new JsonObject
        {
            ["problems"] = new JsonArray([.. problems.Messages.Select(message => (JsonNode)message)]),
            ["warnings"] = new JsonArray([.. warnings.Select(warning => (JsonNode)warning)]),
        }.ToJsonString();
    }

    private static StackSettings Read(Func<string, string?> get, string? region, string defaultName, SettingsProblems problems)
    {
        var values = NamesInNamespace()
            .Union(StackSettings.Names, StringComparer.Ordinal)
            .Select(name => KeyValuePair.Create(name, get(name)))
            .Where(pair => pair.Value is not null)
            .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
        CheckNamespaces(Keys(), problems);
        return StackSettings.Read(SettingsReader.Root(Namespace, values, SecretNames(), problems), region, defaultName);
    }

    /// <summary>Reports keys whose namespace is almost one that has a meaning here: nothing would read them.</summary>
    /// <param name="keys">Full keys, <c>namespace:name</c>.</param>
    public static void CheckNamespaces(IEnumerable<string> keys, SettingsProblems problems)
    {
        foreach (var key in keys)
        {
            var colon = key.IndexOf(':', StringComparison.Ordinal);
            var space = key[..Math.Max(colon, 0)];
            if (!Namespaces.Contains(space) && NearestName.Find(space, MeantNamespaces, 1) is [var meant])
                problems.Add(key, $"is not used: its namespace {space} is unknown; write {meant}{key[colon..]}");
        }
    }

    private static IEnumerable<string> NamesInNamespace() => InNamespace(Keys());

    private static IEnumerable<string> Keys() => Environment.GetEnvironmentVariable(ValuesVariable) is { Length: > 0 } json
        ? JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!.Keys.Order(StringComparer.Ordinal)
        : [];

    private static ImmutableHashSet<string> SecretNames() => Environment.GetEnvironmentVariable(SecretKeysVariable) is { Length: > 0 } json
        ? [.. InNamespace(JsonSerializer.Deserialize<string[]>(json)!)]
        : [];

    private static IEnumerable<string> InNamespace(IEnumerable<string> keys) => keys
        .Where(key => key.StartsWith(Namespace + ":", StringComparison.Ordinal))
        .Select(key => key[(Namespace.Length + 1)..]);
}
