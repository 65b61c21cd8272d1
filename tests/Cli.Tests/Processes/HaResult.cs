namespace HaCluster.Cli.Tests.Processes;

internal sealed record HaResult(int ExitCode, string Output, string Error)
{
    public IEnumerable<string> Lines => Output.TrimEnd('\n').Split('\n');
}
