using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace Pulumi;

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
