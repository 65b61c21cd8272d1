namespace HaCluster.Cli.Commands;

/// <summary>What <c>ha</c> tells its caller; the same table is in <c>ha --help</c>.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The declared cluster is refused: its settings, the validation, or the program itself said no.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage, or input that cannot be read: options, a missing stack file, malformed YAML.</summary>
    public const int Unusable = 2;

    /// <summary>The program or the engine failed: not built, crashed, hung, broke the protocol. Or AWS cannot be reached.</summary>
    public const int Failed = 3;

    /// <summary>The check failed: the proof found violations, a service quota is too small, a pod finds no node.</summary>
    public const int AnsweredNo = 4;

    /// <summary>Nothing broke, but not everything was understood: the proof is incomplete, and nobody said <c>--accept-incomplete</c>.</summary>
    public const int Incomplete = 5;

    /// <summary>Interrupted with Ctrl+C (or told to end).</summary>
    public const int Interrupted = 130;
}
