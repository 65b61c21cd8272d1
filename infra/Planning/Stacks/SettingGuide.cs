using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Engine.Validation;

namespace HaCluster.Planning.Stacks;

/// <summary>Finds settings in the schema of the program.</summary>
/// <param name="schema">The JSON Schema of a stack file.</param>
/// <param name="project">The namespace that may be left out of a key.</param>
public sealed class SettingGuide(JsonObject schema, string project)
{
    private const int MaxSuggestions = 6;

    private readonly JsonObject _config = (JsonObject)schema["properties"]!["config"]!["properties"]!;

    /// <summary>The settings of the top level.</summary>
    public IEnumerable<SettingHelp> Top => _config.Select(entry => new SettingHelp([entry.Key], (JsonObject)entry.Value!));

    /// <summary>The setting of this key; null when there is none.</summary>
    /// <param name="key"><c>ha-cluster:edge.waf.enabled</c>, or without the namespace; any name is accepted where the schema allows user-defined names.</param>
    public SettingHelp? Find(string key)
    {
        var parts = key.Split('[')[0].Split('.');
        var first = parts[0].Contains(':', StringComparison.Ordinal) ? parts[0] : $"{project}:{parts[0]}";
        if (_config[first] is not JsonObject node)
            return null;

        var path = ImmutableArray.Create(first);
        for (var i = 1; i < parts.Length; i++)
        {
            if (node["properties"]?[parts[i]] is JsonObject known)
            {
                (node, path) = (known, path.Add(parts[i]));
            }
            else if (node["additionalProperties"] is JsonObject any)
            {
                // Names of domains, workloads and tags contain dots, and nothing is below them.
                var isLast = any["properties"] is null;
                var name = isLast ? string.Join('.', parts[i..]) : parts[i];
                var example = name == (string?)node["x-entry"] ? (string?)node["x-example"] : null;
                (node, path) = (any, path.Add(example ?? name));
                if (isLast)
                    break;
            }
            else
            {
                return null;
            }
        }

        return new SettingHelp(path, node);
    }

    /// <summary>Suggestions for a key, most likely first: keys with the same ending, then keys with a similar spelling.</summary>
    public IReadOnlyList<string> Suggest(string key)
    {
        var all = Top.SelectMany(Tree).Select(setting => setting.Key).ToArray();
        // The namespace that all have in common would make keys similar that are not.
        var prefix = $"{project}:";
        var near = NearestName.Find(Short(key), all.Select(Short), MaxSuggestions);
        var ending = all.Where(each => each.EndsWith($".{key}", StringComparison.OrdinalIgnoreCase) || each.EndsWith($":{key}", StringComparison.OrdinalIgnoreCase));
        var last = key.Split('.', ':')[^1];
        var lasts = NearestName.Find(last, all.Select(each => each.Split('.', ':')[^1]).Distinct(), 1);
        return
        [
            .. ending
                .Concat(near.SelectMany(name => all.Where(each => Short(each) == name)))
                .Concat(all.Where(each => lasts.Contains(each.Split('.', ':')[^1])))
                .Distinct(StringComparer.Ordinal)
                .Take(MaxSuggestions),
        ];

        string Short(string full) => full.StartsWith(prefix, StringComparison.Ordinal) ? full[prefix.Length..] : full;
    }

    private static IEnumerable<SettingHelp> Tree(SettingHelp setting) => setting.Children.SelectMany(Tree).Prepend(setting);
}
