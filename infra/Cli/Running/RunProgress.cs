using HaCluster.Engine;
using Spectre.Console;

namespace HaCluster.Cli.Running;

/// <summary>Runs the program while a person watches: one line that moves, and only where a terminal can show it.</summary>
internal static class RunProgress
{
    public static Task<DeploymentResult> WatchAsync(IAnsiConsole console, StackRun run, CancellationToken cancellationToken)
    {
        if (!console.Profile.Capabilities.Ansi || !console.Profile.Capabilities.Interactive)
            return EmbeddedEngine.RunAsync(run.Request, progress: null, cancellationToken);
        return console.Status()
            .Spinner(Spinner.Known.Dots)
            .StartAsync($"{run.Request.Stack}: starting the program", status =>
                EmbeddedEngine.RunAsync(run.Request, new StatusLine(status, run.Request.Stack), cancellationToken));
    }

    /// <summary>Work of this process: it runs beside the line that moves, and is left alone when the person gives up.</summary>
    /// <param name="what">The line to begin with.</param>
    /// <param name="work">May put another line in its place.</param>
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
                status.Status = Markup.Escape($"{stack}: {registered.Count} resources, {ShortType(registered.Resource.Type)} {registered.Resource.Name}");
        }

        private static string ShortType(string type) => type[(type.LastIndexOf(':') + 1)..];
    }
}
