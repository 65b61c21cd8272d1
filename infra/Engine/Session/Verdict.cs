using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Running;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Session;

/// <summary>Judges a run once it is over.</summary>
internal static class Verdict
{
    /// <summary>Exit code of a runtime that has already reported the error to the engine.</summary>
    private const int ReportedError = 32;

    private const int ShownOutputLines = 20;

    public static DeploymentResult Of(
        DeploymentContext context, ActivityMonitor activity, ProgramEnd end, ImmutableArray<string> output, TimeSpan elapsed)
    {
        var failure = FailureOf(context, activity, end, output);
        if (failure is not null)
            context.Diagnostics.Add(new Diagnostic(failure));
        var diagnostics = context.Diagnostics.Snapshot();
        return new DeploymentResult
        {
            Graph = GraphOf(context),
            Outcome = failure is not null || activity.SawViolation ? ProgramOutcome.Failed
                : diagnostics.IsEmpty ? ProgramOutcome.Succeeded
                : ProgramOutcome.Refused,
            ExitCode = (end as ProgramEnd.Exited)?.ExitCode,
            Diagnostics = diagnostics,
            ProgramOutput = output,
            Elapsed = elapsed,
        };
    }

    /// <summary>Null if the program ended normally, even if it reported errors.</summary>
    private static string? FailureOf(DeploymentContext context, ActivityMonitor activity, ProgramEnd end, ImmutableArray<string> output) => end switch
    {
        ProgramEnd.NotStarted notStarted => notStarted.Reason,
        ProgramEnd.Hung => Hang(context, activity),
        ProgramEnd.Exited { ExitCode: 0 } => context.LoggedError || context.Refused ? null : EarlyExit(context, activity),
        // A runtime exits with 1 or 32 after an error that it logged; any other code is a crash.
        ProgramEnd.Exited { ExitCode: 1 or ReportedError } when context.LoggedError || context.Refused => null,
        ProgramEnd.Exited { ExitCode: ReportedError } => $"the program exited with {ReportedError}, which means that it reported an error, but it reported none{LastOutput(output)}",
        ProgramEnd.Exited exited => $"the program exited with {exited.ExitCode}{Crash(exited.ExitCode)}{LastOutput(output)}",
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };

    private static string? EarlyExit(DeploymentContext context, ActivityMonitor activity)
    {
        if (context.Resources.Find(context.StackUrn) is null)
        {
            return activity.Calls == 0
                ? "the program exited with 0 but never called the engine; is it a Pulumi program, and does it await Deployment.RunAsync?"
                : "the program exited with 0 but never registered its stack; does it await Deployment.RunAsync?";
        }
        if (!context.ShutdownSignalled)
            return $"the program exited with 0 before it had finished: it never called SignalAndWaitForShutdown, so its resources may be incomplete ({Progress(context, activity)})";
        return context.SentStackOutputs ? null : "the program exited with 0 but never registered the outputs of its stack";
    }

    private static string Hang(DeploymentContext context, ActivityMonitor activity)
    {
        var done = context.ShutdownSignalled ? "it had called SignalAndWaitForShutdown but did not exit" : "it never called SignalAndWaitForShutdown";
        var outputs = context.SentStackOutputs ? "" : ", nor registered the outputs of its stack";
        return $"the program was stopped: it had neither called the engine nor written anything for {context.Request.SilenceLimit.TotalSeconds:0.###} s; {done}{(context.ShutdownSignalled ? "" : outputs)} ({Progress(context, activity)})";
    }

    private static string Progress(DeploymentContext context, ActivityMonitor activity)
    {
        var recent = activity.Recent();
        var pending = activity.Pending;
        return string.Join("; ", new[]
        {
            $"{context.Resources.Count} resources registered",
            recent.Length == 0 ? "it had sent no request" : $"last seen: {recent}",
            pending == 0 ? "" : $"{pending} requests had arrived incomplete",
        }.Where(part => part.Length > 0));
    }

    private static string Crash(int exitCode) => exitCode switch
    {
        134 => " (it was aborted, as by an unhandled exception)",
        > 128 and < 160 => $" (it was killed by signal {exitCode - 128})",
        _ => "",
    };

    private static string LastOutput(ImmutableArray<string> output)
    {
        var last = output.Where(line => line.Trim().Length > 0).TakeLast(ShownOutputLines).ToList();
        return last.Count == 0 ? " without any output" : $"; its last output:\n{string.Join('\n', last)}";
    }

    private static ResourceGraph GraphOf(DeploymentContext context)
    {
        return StableOrder.Of(new ResourceGraph
        {
            Project = context.Request.Project,
            Stack = context.Request.Stack,
            Mode = context.Request.Mode,
            Resources = context.Resources.Snapshot(),
            Outputs = context.Resources.Find(context.StackUrn)?.Outputs ?? PropertyMap.Empty,
            Invokes = context.Invokes.Snapshot(),
            Logs = context.Logs.Snapshot(),
        });
    }
}
