using HaCluster.Engine;
using HaCluster.Planning;
using Spectre.Console;

namespace HaCluster.Cli.Running;

/// <summary>Runs the program with a progress line, where a terminal can show one.</summary>
internal static class RunProgress
{
    public static Task<DeploymentResult> WatchAsync(IAnsiConsole console, StackRun run, CancellationToken cancellationToken)
    {
        if (!console.Profile.Capabilities.Ansi || !console.Profile.Capabilities.Interactive)
            return run.RunAsync(progress: null, cancellationToken);
        return console.Status()
            .Spinner(Spinner.Known.Dots)
            .StartAsync($"{run.Request.Stack}: starting the program", status =>
                run.RunAsync(new StatusLine(status, run.Request.Stack), cancellationToken));
    }

    /// <summary>Work of this process, which runs beside the progress line and is abandoned on cancellation.</summary>
    /// <param name="what">The first text of the progress line.</param>
    /// <param name="work">May replace the text.</param>
    public static Task<T> WatchAsync<T>(IAnsiConsole console, string what, Func<Action<string>, T> work, CancellationToken cancellationToken)
    {
        if (!console.Profile.Capabilities.Ansi || !console.Profile.Capabilities.Interactive)
            return Task.Run(() => work(_ => { }), CancellationToken.None).WaitAsync(cancellationToken);
        return console.Status().Spinner(Spinner.Known.Dots).StartAsync(
            Markup.Escape(what),
            status => Task.Run(() => work(line => status.Status = Markup.Escape(line)), CancellationToken.None).WaitAsync(cancellationToken));
    }

    /// <summary>Called from the engine's threads; the status line is safe for that, and <see cref="Progress{T}"/> would only delay.</summary>
    private sealed class StatusLine(StatusContext status, string stack) : IProgress<EngineEvent>
    {
        public void Report(EngineEvent value)
        {
            if (value is EngineEvent.Registered registered)
                status.Status = Markup.Escape($"{stack}: {Wording.Count(registered.Count, "resource")}, {ShortType(registered.Resource.Type)} {registered.Resource.Name}");
        }

        private static string ShortType(string type) => type[(type.LastIndexOf(':') + 1)..];
    }
}
