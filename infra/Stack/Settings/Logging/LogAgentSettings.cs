using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>What reads the logs of containers on each node (<c>ha-cluster:logging.agent</c>).</summary>
public sealed partial record LogAgentSettings
{
    private const int SmallestBuffer = 1;
    private const int LargestBuffer = 1_000;

    /// <summary>Part of a node's disk, in GiB, that holds records while OpenSearch cannot take them.</summary>
    public required int BufferGiB { get; init; }

    /// <summary>Namespaces whose logs are not read.</summary>
    public required ImmutableArray<string> ExcludedNamespaces { get; init; }

    public static LogAgentSettings Read(SettingsReader reader) => new()
    {
        BufferGiB = reader.Int32(
            "bufferGiB",
            4,
            SmallestBuffer,
            LargestBuffer,
            $"it is a part of the node's root disk, and the rest is for images and pods: choose from {SmallestBuffer}, and a tenth of diskGiB at most is sound"),
        ExcludedNamespaces = ReadNamespaces(reader),
    };

    private static ImmutableArray<string> ReadNamespaces(SettingsReader reader)
    {
        var names = reader.TextList("excludedNamespaces", []);
        for (var i = 0; i < names.Length; i++)
        {
            if (!NameShape().IsMatch(names[i]))
                reader.Problems.Add($"{reader.PathOf("excludedNamespaces")}[{i}]", $"\"{names[i]}\"", "a namespace has lower-case letters, digits and dashes");
        }

        return names;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex NameShape();
}
