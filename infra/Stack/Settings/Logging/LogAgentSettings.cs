using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>What reads the logs of containers on each node (<c>ha-cluster:logging.agent</c>).</summary>
public sealed record LogAgentSettings
{
    private const int SmallestBuffer = 1;
    private const int LargestBuffer = 1_000;

    /// <summary>Part of a node's disk, in GiB, that buffers records while OpenSearch does not accept them.</summary>
    public required int BufferGiB { get; init; }

    /// <summary>Namespaces whose logs are not collected.</summary>
    public required ImmutableArray<string> ExcludedNamespaces { get; init; }

    public static LogAgentSettings Read(SettingsReader reader) => new()
    {
        BufferGiB = reader.Int32(
            "bufferGiB",
            "Part of each node's disk that buffers records while OpenSearch is unreachable.",
            4,
            SmallestBuffer,
            LargestBuffer,
            $"it takes space of the node's root volume from images and pods: choose {SmallestBuffer} or more, and at most a tenth of diskGiB"),
        ExcludedNamespaces = reader.TextList("excludedNamespaces", "Namespaces whose logs are not collected.", [], Shapes.KubernetesName),
    };
}
