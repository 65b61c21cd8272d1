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
    /// False: the first refused registration fails the call and thereby stops the program, as the real engine does.
    /// True: the runtime is told that the resource failed (as with <c>pulumi up --continue-on-error</c>) and goes on with its outputs unknown,
    /// so that one run finds every problem.
    /// </summary>
    public bool ContinueOnError { get; init; }

    /// <summary>How long the program may stay silent (no request and no output) before it is stopped and reported as hanging.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(60);
}
