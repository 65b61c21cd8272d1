using HaCluster.Engine;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Running;

namespace HaCluster.Conformance.Wire;

/// <summary>One run of a twin program: what it sent and how it ended.</summary>
internal sealed record TwinRun(IReadOnlyCollection<Request> Requests, int ExitCode, string Output)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["project:text"] = "from the settings",
        ["project:integer"] = "42",
        ["project:flag"] = "true",
        ["project:password"] = "s3cret",
        ["project:pin"] = "1234",
        ["project:list"] = """["a","b"]""",
        ["project:shape"] = """{"side":4}""",
        ["other:number"] = "0.25",
    };

    /// <summary>Starts a twin as the engine starts programs, with the recording peer in the engine's place.</summary>
    public static async Task<TwinRun> OfAsync(ProgramStart program, string scenario, bool dryRun)
    {
        await using var peer = await RecordingPeer.StartAsync(dryRun);
        var request = new DeploymentRequest
        {
            Program = program with
            {
                Environment = new Dictionary<string, string>
                {
                    ["TWIN_SCENARIO"] = scenario,
                    // Node's SDK looks up every frame of an error in source maps, which takes a minute and gigabytes.
                    ["NODE_OPTIONS"] = "--stack-trace-limit=0",
                },
            },
            Project = Answers.Project,
            Stack = Answers.Stack,
            RootDirectory = program.WorkingDirectory,
            Config = Settings,
            SilenceLimit = Waiting.Limit,
            ConfigSecretKeys = ["project:password", "project:pin", "project:shape"],
            Mode = dryRun ? RunMode.Preview : RunMode.Simulated,
        };
        var output = new OutputTail();
        using var process = ProgramProcess.Start(
            request.Program,
            ProgramEnvironment.Variables(request, peer.Address),
            ProgramEnvironment.Placeholders(request, peer.Address),
            output,
            onActivity: () => { });
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            var exitCode = await process.WaitForExitAsync(limit.Token);
            return new TwinRun(peer.Requests, exitCode, string.Join('\n', output.Snapshot()));
        }
        catch (OperationCanceledException)
        {
            await process.KillAsync();
            throw new TimeoutException($"{program.FileName} did not end within {Timeout}:\n{string.Join('\n', output.Snapshot())}");
        }
    }
}
