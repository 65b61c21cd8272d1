using Semver;

namespace HaCluster.Engine;

/// <summary>The protocol between programs and engines.</summary>
public static class PulumiProtocol
{
    /// <summary>The version of Pulumi whose protocol the engine implements.</summary>
    public static SemVersion Version { get; } = new(3, 259, 0);
}
