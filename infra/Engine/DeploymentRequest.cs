using HaCluster.Engine.Graph;

namespace HaCluster.Engine;

/// <summary>One run of one program for one stack.</summary>
public sealed record DeploymentRequest
{
    public required ProgramStart Program { get; init; }

    public required string Project { get; init; }

    public required string Stack { get; init; }

    public string Organization { get; init; } = "organization";

    /// <summary>The directory that holds <c>Pulumi.yaml</c>.</summary>
    public required string RootDirectory { get; init; }

    /// <summary>Full key (<c>aws:region</c>) to value; structured values are JSON text.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    /// <summary>Full keys of <see cref="Config"/> whose values are secret.</summary>
    public IReadOnlyCollection<string> ConfigSecretKeys { get; init; } = [];

    public required RunMode Mode { get; init; }

    public int Parallel { get; init; } = 16;

    /// <summary>
    /// False: the first refused registration fails the call, which stops the program, as in the real engine.
    /// True: the runtime gets the failure of the resource (as with <c>pulumi up --continue-on-error</c>) and continues with unknown outputs,
    /// so that one run finds every problem.
    /// </summary>
    public bool ContinueOnError { get; init; }

    /// <summary>How long the program may stay silent (no request and no output) before it is stopped and reported as hanging.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>How to start a Pulumi program: a command line and the directory it runs in (the program's own).</summary>
public sealed record ProgramStart(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Added to, or replacing, variables of the parent's environment; the engine's own variables win.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Placeholders <c>{monitor}</c>, <c>{engine}</c>, <c>{organization}</c>, <c>{project}</c>, <c>{stack}</c>, <c>{dryRun}</c>, <c>{parallel}</c>
    /// in <see cref="Arguments"/> are filled in: the runtimes of other languages take flags where .NET reads the environment.
    /// </summary>
    public bool ExpandsPlaceholders { get; init; }
}
