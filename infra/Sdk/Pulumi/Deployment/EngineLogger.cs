using HaCluster.Wire;

namespace Pulumi;

/// <summary>Sends messages to the engine, one after the other so that they arrive in order.</summary>
internal sealed class EngineLogger(Deployment deployment, IEngine engine)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private volatile bool _hasLoggedErrors;

    /// <summary>Whether an error was logged, or a message could not be.</summary>
    public bool HasLoggedErrors => _hasLoggedErrors;

    /// <summary>Sends a message; the run waits for it.</summary>
    /// <exception cref="LogException">In the task: the engine did not take it.</exception>
    public Task LogAsync(LogSeverity severity, string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
    {
        if (severity == LogSeverity.Error)
            _hasLoggedErrors = true;

        var request = new LogRequest
        {
            Severity = severity,
            Message = message,
            StreamId = streamId ?? 0,
            Ephemeral = ephemeral ?? false,
        };
        var task = resource is null ? EnqueueAsync(request) : AttachAndSendAsync(request, resource);
        deployment.Runner.RegisterTask(task);
        return task;
    }

    // Waits for the URN before taking its place in the queue: what comes after must not wait for a resource.
    private async Task AttachAndSendAsync(LogRequest request, Resource resource)
    {
        try
        {
            request.Urn = await resource.Urn.GetValueAsync(whenUnknown: "") ?? "";
        }
        catch (Exception)
        {
            // The resource failed, which is reported by itself. The message goes without its URN.
        }

        await EnqueueAsync(request);
    }

    private Task EnqueueAsync(LogRequest request)
    {
        lock (_gate)
            return _last = SendAfterAsync(_last, request);
    }

    private async Task SendAfterAsync(Task previous, LogRequest request)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            await engine.LogAsync(request);
        }
        catch (Exception e)
        {
            _hasLoggedErrors = true;
            throw new LogException(e);
        }
    }
}
