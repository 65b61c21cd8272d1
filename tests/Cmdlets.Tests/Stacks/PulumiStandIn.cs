namespace HaCluster.Cmdlets.Tests.Stacks;

/// <summary>
/// A stand-in for the Pulumi CLI, first on the PATH: a shell script that keeps its arguments, and writes an event log in the documented format
/// (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go). It deploys nothing.
/// </summary>
internal sealed class PulumiStandIn : IDisposable
{
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly string _arguments;

    /// <param name="outputs">What <c>pulumi stack output --json</c> says.</param>
    public PulumiStandIn(Scratch scratch, string outputs = "{}")
    {
        var folder = Directory.CreateDirectory(scratch.At("pulumi-stand-in")).FullName;
        _arguments = Path.Combine(folder, "arguments");
        File.WriteAllText(Path.Combine(folder, "outputs"), outputs);
        File.WriteAllText(Path.Combine(folder, "events"), """
            {"sequence":0,"timestamp":1,"resourcePreEvent":{"metadata":{"op":"create","urn":"urn:pulumi:prod::ha-cluster::aws:ec2/vpc:Vpc::network","type":"aws:ec2/vpc:Vpc","diffs":null},"planning":false}}
            {"sequence":1,"timestamp":1,"resOutputsEvent":{"metadata":{"op":"create","urn":"urn:pulumi:prod::ha-cluster::aws:ec2/vpc:Vpc::network","type":"aws:ec2/vpc:Vpc","diffs":null},"planning":false}}
            {"sequence":2,"timestamp":1,"summaryEvent":{"maybeCorrupt":false,"durationSeconds":7,"resourceChanges":{"create":1},"PolicyPacks":{}}}

            """);
        var program = Path.Combine(folder, "pulumi");
        File.WriteAllText(program, $"""
            #!/bin/sh
            echo "$*" >> '{_arguments}'
            if [ "$1 $2" = "stack output" ]; then cat '{Path.Combine(folder, "outputs")}'; fi
            while [ $# -gt 0 ]; do if [ "$1" = --event-log ]; then cp '{Path.Combine(folder, "events")}' "$2"; fi; shift; done

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", folder + Path.PathSeparator + _path);
    }

    /// <summary>The commands that ran: <c>preview</c>, <c>up</c>, <c>destroy preview</c> for one that only shows what it would do.</summary>
    public IReadOnlyList<string> Commands => !File.Exists(_arguments) ? [] :
        [.. File.ReadLines(_arguments).Select(line => line.Split(' ')).Select(words => words.Contains("--preview-only") ? $"{words[0]} preview" : words[0])];

    public void Dispose() => Environment.SetEnvironmentVariable("PATH", _path);
}
