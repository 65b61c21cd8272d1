using System.Collections.Immutable;
using System.Text.Json;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>The stack's settings by full key, secrets in plain text.</summary>
    internal ImmutableDictionary<string, string> AllConfig { get; private set; } = ReadConfig();

    internal ImmutableHashSet<string> ConfigSecretKeys { get; } = ReadSecretKeys();

    internal string? GetConfig(string fullKey) => AllConfig.GetValueOrDefault(fullKey);

    internal void SetConfig(string fullKey, string value) => AllConfig = AllConfig.SetItem(fullKey, value);

    private static ImmutableDictionary<string, string> ReadConfig()
    {
        if (Environment.GetEnvironmentVariable("PULUMI_CONFIG") is not { } config)
            return ImmutableDictionary<string, string>.Empty;

        var settings = ImmutableDictionary.CreateBuilder<string, string>();
        using var document = JsonDocument.Parse(config);
        foreach (var setting in document.RootElement.EnumerateObject())
            settings[WithoutConfigPart(setting.Name)] = setting.Value.ToString();
        return settings.ToImmutable();
    }

    private static ImmutableHashSet<string> ReadSecretKeys()
    {
        if (Environment.GetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS") is not { } keys)
            return [];

        using var document = JsonDocument.Parse(keys);
        return [.. document.RootElement.EnumerateArray().Select(key => key.ToString())];
    }

    // Keys were once written as namespace:config:name.
    private static string WithoutConfigPart(string key)
    {
        const string part = ":config:";
        var end = key.IndexOf(':', StringComparison.Ordinal);
        return end > 0 && string.CompareOrdinal(key, end, part, 0, part.Length) == 0
            ? key[..end] + ":" + key[(end + part.Length)..]
            : key;
    }
}
