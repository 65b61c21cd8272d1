using HaCluster.Operations.Pulumi;

namespace HaCluster.Operations.Tests.Pulumi;

/// <summary>
/// A shell script named <c>pulumi</c> in a folder of its own: it writes an event log that was recorded or is in the format of
/// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go, says what Pulumi says and ends as Pulumi ends. It is not Pulumi.
/// </summary>
internal sealed class StandIn : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-cluster-pulumi-");

    /// <summary>The folder of the project too.</summary>
    public string Folder => folder.FullName;

    public string Program => Path.Combine(Folder, "pulumi");

    /// <summary>Its arguments, one line per call.</summary>
    public string Arguments => File.ReadAllText(Path.Combine(Folder, "arguments"));

    /// <summary>What the trace of calls was told.</summary>
    public List<string> Trace { get; } = [];

    /// <param name="log">Lines of the event log.</param>
    /// <param name="error">What it writes to standard error.</param>
    /// <param name="answer">What it writes to standard output.</param>
    public PulumiCli Saying(IEnumerable<string> log, string error = "", int code = 0, string answer = "")
    {
        File.WriteAllLines(Path.Combine(Folder, "events"), log);
        File.WriteAllText(Path.Combine(Folder, "words"), error);
        File.WriteAllText(Path.Combine(Folder, "answer"), answer);
        // As Pulumi does it: the flag is there for those only who set the variable.
        return Running($"""
            echo "$*" >> {Folder}/arguments
            while [ $# -gt 0 ]; do
              if [ "$1" = --event-log ]; then
                if [ "$PULUMI_DEBUG_COMMANDS" != true ]; then echo "error: unknown flag: --event-log" >&2; exit 255; fi
                cp {Folder}/events "$2"
              fi
              shift
            done
            cat {Folder}/answer
            cat {Folder}/words >&2
            exit {code}
            """);
    }

    public PulumiCli Replaying(string recorded, string error = "", int code = 0) => Saying(File.ReadAllLines(Recorded(recorded)), error, code);

    /// <summary>The script itself.</summary>
    public PulumiCli Running(string script)
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        File.WriteAllText(Program, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new PulumiCli(Folder, Program, Trace.Add);
    }

    public static string Recorded(string name) => Path.Combine(AppContext.BaseDirectory, "Pulumi", "recorded", $"{name}.jsonl");

    public void Dispose() => folder.Delete(recursive: true);
}

/// <summary>All progress, in its order.</summary>
internal sealed class Reports : IProgress<PulumiProgress>
{
    private readonly List<PulumiProgress> reports = [];

    public IReadOnlyList<PulumiProgress> All
    {
        get
        {
            lock (reports)
                return [.. reports];
        }
    }

    public void Report(PulumiProgress value)
    {
        lock (reports)
            reports.Add(value);
    }
}
