using HaCluster.Engine.Graph;

namespace HaCluster.Engine.Tests.Programs;

/// <summary>Runs the peer program under the engine.</summary>
internal static class PeerRun
{
    public static Task<DeploymentResult> RunAsync(params string[] arguments) => EmbeddedEngine.RunAsync(Request(arguments));

    public static DeploymentRequest Request(params string[] arguments) => new()
    {
        Program = new ProgramStart("dotnet", [Path.Combine(AppContext.BaseDirectory, "HaCluster.Engine.Peer.dll"), .. arguments], AppContext.BaseDirectory),
        Project = "project",
        Stack = "dev",
        RootDirectory = AppContext.BaseDirectory,
        Mode = RunMode.Preview,
        SilenceLimit = Waiting.Limit,
        Config = new Dictionary<string, string> { ["aws:region"] = "eu-central-1", ["project:password"] = "hush" },
        ConfigSecretKeys = ["project:password"],
    };
}
