using HaCluster.Wire;

namespace Pulumi;

/// <summary>The engine's side that receives messages: over the wire in a deployment, in process in a test.</summary>
internal interface IEngine
{
    Task LogAsync(LogRequest request);

    Task RequirePulumiVersionAsync(string versionRange);
}
