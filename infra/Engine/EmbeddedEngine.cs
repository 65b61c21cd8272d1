using System.Diagnostics;
using HaCluster.Engine.Invokes;
using HaCluster.Engine.Running;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Serving;
using HaCluster.Engine.Session;
using HaCluster.Engine.Validation;

namespace HaCluster.Engine;

/// <summary>
/// A Pulumi engine small enough to embed: it runs any Pulumi program on loopback, without providers, backend or account, and hands back
/// the resource graph the program declared.
/// </summary>
public static class EmbeddedEngine
{
    /// <summary>Runs the program to its end.</summary>
    /// <returns>What it declared and whether it is any good. A bad program is never an exception.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the program and everything it started has been ended.</exception>
    public static Task<DeploymentResult> RunAsync(
        DeploymentRequest request, IProgress<EngineEvent>? progress = null, CancellationToken cancellationToken = default) =>
        RunAsync(request, SchemaCatalog.Embedded, progress, cancellationToken);

    internal static async Task<DeploymentResult> RunAsync(
        DeploymentRequest request, SchemaCatalog catalog, IProgress<EngineEvent>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var context = new DeploymentContext(request, catalog, progress);
        var activity = new ActivityMonitor(context.Diagnostics);
        var output = new OutputTail();

        await using var server = new GrpcServer();
        // The program starts while server and schemas come up: each takes a few hundred milliseconds.
        var serving = Task.Run(() => server.ServeAsync(ServicesOf(context, activity), activity, cancellationToken), cancellationToken);
        _ = Task.Run(catalog.Load, cancellationToken);
        var end = await RunProgramAsync(context, activity, output, server.Address, serving, cancellationToken);
        return Verdict.Of(context, activity, end, output.Snapshot(), Stopwatch.GetElapsedTime(started));
    }

    private static IReadOnlyDictionary<string, UnaryMethod> ServicesOf(DeploymentContext context, ActivityMonitor activity)
    {
        var validator = new ResourceValidator(context.Catalog);
        var synthesizer = new OutputSynthesizer(context, validator);
        return new MonitorServices(
            context,
            new Registrar(context, validator, synthesizer, activity),
            new Reader(context, validator, synthesizer, activity),
            new Invoker(context, validator, new FunctionTable(), activity),
            activity).Methods;
    }

    private static async Task<ProgramEnd> RunProgramAsync(
        DeploymentContext context, ActivityMonitor activity, OutputTail output, string address, Task serving, CancellationToken cancellationToken)
    {
        var request = context.Request;
        ProgramProcess process;
        try
        {
            process = ProgramProcess.Start(
                request.Program,
                ProgramEnvironment.Variables(request, address),
                ProgramEnvironment.Placeholders(request, address),
                output,
                activity.Touch);
        }
        catch (ProgramStartException failure)
        {
            await serving;
            return new ProgramEnd.NotStarted(failure.Message);
        }

        using (process)
        {
            activity.Touch();
            context.Report(new EngineEvent.Started());
            try
            {
                await serving;
            }
            catch
            {
                await process.KillAsync();
                throw;
            }

            return await WatchAsync(process, activity, request.SilenceLimit, cancellationToken);
        }
    }

    /// <summary>Waits for the program to exit, and ends it when it has been silent for too long or the caller gives up.</summary>
    private static async Task<ProgramEnd> WatchAsync(
        ProgramProcess process, ActivityMonitor activity, TimeSpan silenceLimit, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timer.CancelAfter(Remaining());
            try
            {
                return new ProgramEnd.Exited(await process.WaitForExitAsync(timer.Token));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await process.KillAsync();
                throw new OperationCanceledException("the run was cancelled and the program was stopped", cancellationToken);
            }
            catch (OperationCanceledException) when (activity.Silence >= silenceLimit)
            {
                await process.KillAsync();
                return new ProgramEnd.Hung();
            }
            catch (OperationCanceledException)
            {
                // It did something while the timer ran: wait for the rest.
            }
        }

        TimeSpan Remaining()
        {
            var remaining = silenceLimit - activity.Silence;
            return remaining > TimeSpan.Zero ? remaining : TimeSpan.FromMilliseconds(1);
        }
    }
}
