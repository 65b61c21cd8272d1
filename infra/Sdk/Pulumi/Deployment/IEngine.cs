using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace Pulumi;

/// <summary>The engine's side that receives messages: over the wire in a deployment, in process in a test.</summary>
internal interface IEngine
{
    Task LogAsync(LogRequest request);

    Task RequirePulumiVersionAsync(string versionRange);
}

/// <summary>The engine over gRPC.</summary>
internal sealed class GrpcEngine(string address) : IEngine
{
    private readonly UnaryClient _client = new(address, Services.Engine);

    public Task LogAsync(LogRequest request) => _client.CallAsync("Log", request, Empty.Parser);

    public Task RequirePulumiVersionAsync(string versionRange)
        => _client.CallAsync(
            "RequirePulumiVersion",
            new RequirePulumiVersionRequest { PulumiVersionRange = versionRange },
            RequirePulumiVersionResponse.Parser);
}
