namespace HaCluster.Cli;

/// <summary>The exit codes of <c>ha</c>. <see cref="Table"/> documents them, and <c>ha --help</c> shows it.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The declared cluster is refused: its settings, the validation, or the program itself.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage, or input that cannot be read.</summary>
    public const int WrongUsage = 2;

    /// <summary>The program or the engine failed, an image cannot be built, or AWS or a registry cannot be reached.</summary>
    public const int Failed = 3;

    /// <summary>The check failed.</summary>
    public const int CheckFailed = 4;

    /// <summary>Not everything was understood.</summary>
    public const int Incomplete = 5;

    /// <summary>The result could not be written.</summary>
    public const int OutputFailed = 6;

    /// <summary>Interrupted with Ctrl+C or terminated by a signal.</summary>
    public const int Interrupted = 130;

    public const string Table = """
        Exit codes:
          0    done
          1    the declared cluster is refused: settings, validation, a policy, an error of the program, a warning with --strict
          2    wrong usage, or input that cannot be read: options, stack file, malformed YAML
          3    the program or the engine failed: not built, crashed, hung, broke the protocol; an image cannot be built; AWS or a registry cannot be reached
          4    the check failed: a violation of the proof, a service quota that is too small, a pod without room
          5    incomplete: nothing breaks, but not everything was understood (ha prove --accept-incomplete: 0; elsewhere only with --strict)
          6    the output cannot be written: a full disk, no permission, a FIFO without a reader. A reader that exits early (| head) is not an error.
          130  interrupted
        """;
}
