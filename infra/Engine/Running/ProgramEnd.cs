namespace HaCluster.Engine.Running;

/// <summary>How a program came to its end.</summary>
internal abstract record ProgramEnd
{
    private ProgramEnd() { }

    public sealed record NotStarted(string Reason) : ProgramEnd;

    public sealed record Exited(int ExitCode) : ProgramEnd;

    /// <summary>It was silent for longer than allowed and has been ended.</summary>
    public sealed record Hung : ProgramEnd;
}
