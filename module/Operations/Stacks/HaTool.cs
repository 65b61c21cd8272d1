using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using HaCluster.Engine.Running;

namespace HaCluster.Operations.Stacks;

/// <summary>Runs <c>ha</c> beside this process, and reads the documents that it writes (infra/Planning/README.md).</summary>
/// <param name="assembly">Path of <c>ha.dll</c>.</param>
/// <param name="directory">In which it looks for the project, and above.</param>
public sealed class HaTool(string assembly, string directory)
{
    private const int CheckFailed = 4;
    private const int Incomplete = 5;
    private const int Refused = 1;
    private const int WrongUsage = 2;

    /// <summary>The document of a command; also where its answer is no.</summary>
    /// <param name="format">That this code reads, such as <c>hacluster.plan/1</c>.</param>
    /// <exception cref="HaClusterException">There is no document: what the tool says.</exception>
    public async Task<JsonElement> ReadAsync(string format, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var run = await RunAsync([.. arguments, "--output", "json", "--no-color"], cancellationToken);
        var call = $"ha {arguments[0]}";
        if (run.Output.Length == 0)
            throw Failure(call, run);
        try
        {
            using var document = JsonDocument.Parse(run.Output);
            var found = document.RootElement.GetProperty("format").GetString();
            return found == format
                ? document.RootElement.Clone()
                : throw new HaClusterException(FailureKind.NotUnderstood, call, assembly, $"it writes {found}, and this module reads {format}", "Use the same version of ha and of the module");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HaClusterException(FailureKind.NotUnderstood, call, assembly, "its output is not the requested document", "Use the same version of ha and of the module", exception);
        }
    }

    /// <summary>Whether the settings alone are right.</summary>
    /// <returns>What is wrong, one line each; empty when nothing is.</returns>
    public async Task<IReadOnlyList<string>> ValidateAsync(string stack, CancellationToken cancellationToken)
    {
        var run = await RunAsync(["validate", "--stack", stack, "--quiet", "--no-color"], cancellationToken);
        return run.ExitCode switch
        {
            0 => [],
            Refused or WrongUsage => [.. run.Error.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)],
            _ => throw Failure("ha validate", run),
        };
    }

    /// <exception cref="HaClusterException">It failed.</exception>
    public async Task<string> TextAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var run = await RunAsync([.. arguments, "--no-color"], cancellationToken);
        return run.ExitCode is 0 or CheckFailed or Incomplete ? Encoding.UTF8.GetString(run.Output) : throw Failure($"ha {arguments[0]}", run);
    }

    private static HaClusterException Failure(string call, ToolRun run)
    {
        const string mark = "error: ";
        var text = run.Error.Trim();
        if (text.StartsWith(mark, StringComparison.Ordinal))
            text = text[mark.Length..];
        var (kind, advice) = run.ExitCode switch
        {
            Refused => (FailureKind.Rejected, "Correct the settings in the stack file"),
            WrongUsage => (FailureKind.InvalidInput, ""),
            _ => (FailureKind.ServerFailed, "Run the same command by hand to see its full output"),
        };
        return new HaClusterException(kind, call, "", text.Length > 0 ? text : $"it exited with code {run.ExitCode} without output", advice);
    }

    private async Task<ToolRun> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [assembly, .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        process.StandardInput.Close();
        await using var kill = cancellationToken.Register(() => Kill(process));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return new ToolRun(process.ExitCode, output.ToArray(), await error);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new HaClusterException(
                FailureKind.NotFound, "", start.FileName, $"cannot be started: {exception.Message}", "Install the .NET 10 runtime, and have dotnet on PATH", exception);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private sealed record ToolRun(int ExitCode, byte[] Output, string Error);
}
