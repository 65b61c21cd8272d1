using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>What reads the logs of containers on each node (<c>ha-cluster:logging.agent</c>).</summary>
public sealed record LogAgentSettings
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
            "Part of each node's disk that holds records while OpenSearch is away.",
            4,
            SmallestBuffer,
            LargestBuffer,
            $"it is a part of the node's root disk, and the rest is for images and pods: choose from {SmallestBuffer}, and a tenth of diskGiB at most is sound"),
        ExcludedNamespaces = reader.TextList("excludedNamespaces", "Namespaces whose logs are not read.", [], Shapes.KubernetesName),
    };
}
