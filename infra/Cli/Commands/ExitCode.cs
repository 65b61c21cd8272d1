namespace HaCluster.Cli.Commands;

/// <summary>What <c>ha</c> tells its caller; the same table stands in <c>ha --help</c>.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The declared cluster is refused: its settings, the validation, or the program itself said no.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage, or input that cannot be read: options, a missing stack file, malformed YAML.</summary>
    public const int Unusable = 2;

    /// <summary>The program or the engine failed: not built, crashed, hung, broke the protocol.</summary>
    public const int Failed = 3;

    /// <summary>The check was made and its answer is no: the proof found violations, a service quota is too small, a pod finds no node.</summary>
    public const int AnsweredNo = 4;

    /// <summary>Interrupted with Ctrl+C (or told to end).</summary>
    public const int Interrupted = 130;
}
