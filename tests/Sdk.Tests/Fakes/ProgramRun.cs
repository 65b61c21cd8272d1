using Pulumi;
using Pulumi.Testing;

namespace HaCluster.Sdk.Tests.Fakes;

/// <summary>A program run against <see cref="FakeMonitor"/> and <see cref="FakeEngine"/>.</summary>
internal sealed record ProgramRun(int ExitCode, FakeMonitor Monitor, FakeEngine Engine)
{
    public const string StackUrn = "urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack";

    /// <summary>The program must have failed, with one error that has the text in it.</summary>
    public void AssertError(string text)
    {
        Assert.Contains(text, Assert.Single(Engine.Errors), StringComparison.Ordinal);
        Assert.Equal(32, ExitCode);
    }

    public static Task<ProgramRun> OfAsync(Action program, FakeMonitor? monitor = null, FakeEngine? engine = null, bool isPreview = false)
        => OfAsync(
            () =>
            {
                program();
                return new Dictionary<string, object?>();
            },
            monitor,
            engine,
            isPreview);

    public static Task<ProgramRun> OfAsync(
        Func<IDictionary<string, object?>> program, FakeMonitor? monitor = null, FakeEngine? engine = null, bool isPreview = false)
        => OfAsync(runner => runner.RunAsync(() => Task.FromResult(program()), null), monitor, engine, isPreview);

    public static async Task<ProgramRun> OfAsync(
        Func<Runner, Task<int>> run, FakeMonitor? monitor = null, FakeEngine? engine = null, bool isPreview = false)
    {
        monitor ??= new FakeMonitor(isPreview);
        engine ??= new FakeEngine();
        var options = new TestOptions { IsPreview = isPreview };
        var exitCode = await Deployment.RunAsync(() => new Deployment(engine, monitor, options), run).WaitAsync(TimeSpan.FromMinutes(5));
        // The runner also sets it for the process, which here is the test host.
        Environment.ExitCode = 0;
        return new ProgramRun(exitCode, monitor, engine);
    }

    /// <summary>Runs a program that must succeed.</summary>
    public static async Task<FakeMonitor> SucceedAsync(Action program, FakeMonitor? monitor = null, bool isPreview = false)
    {
        var run = await OfAsync(program, monitor, isPreview: isPreview);
        Assert.Empty(run.Engine.Errors);
        Assert.Equal(0, run.ExitCode);
        return run.Monitor;
    }
}
