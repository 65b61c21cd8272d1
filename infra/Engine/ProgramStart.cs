namespace HaCluster.Engine;

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
