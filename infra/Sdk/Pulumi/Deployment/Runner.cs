using System.Reflection;
using HaCluster.Wire;

namespace Pulumi;

/// <summary>Runs a program until everything it began has ended, and reports how.</summary>
internal sealed class Runner(Deployment deployment)
{
    private const int Success = 0;
    private const int Failure = 1;

    // Tells the language host that the error was reported, so it prints nothing more.
    private const int FailureReported = 32;

    private readonly InFlightTasks _inFlight = new();

    /// <summary>The program does not end before the task, and ends with its exception.</summary>
    public void RegisterTask(Task task) => _inFlight.Add(task);

    public Task<int> RunAsync(Func<Task<IDictionary<string, object?>>> program, StackOptions? options)
    {
        var stack = new Stack(program, options);
        RegisterTask(stack.Outputs.DataTask);
        return WhileRunningAsync();
    }

    public Task<int> RunAsync<TStack>() where TStack : Stack, new()
        => RunAsync(() => (TStack)Activator.CreateInstance(
            typeof(TStack), BindingFlags.DoNotWrapExceptions | BindingFlags.Instance | BindingFlags.Public, null, null, null)!);

    public Task<int> RunAsync<TStack>(IServiceProvider serviceProvider) where TStack : Stack
    {
        ArgumentNullException.ThrowIfNull(serviceProvider);
        return RunAsync(() => serviceProvider.GetService(typeof(TStack)) as TStack
            ?? throw new InvalidOperationException(
                $"Failed to resolve instance of type {typeof(TStack)} from service provider. " +
                $"Register the type with the service provider before calling {nameof(RunAsync)}."));
    }

    public Task<int> RunAsync<TStack>(Func<TStack> createStack) where TStack : Stack
    {
        try
        {
            var stack = createStack();
            stack.RegisterPropertyOutputs();
            RegisterTask(stack.Outputs.DataTask);
        }
        catch (Exception e)
        {
            // As in the official SDK, a stack that throws ends the program at once, even with tasks in flight.
            return ReportAsync([e]);
        }

        return WhileRunningAsync();
    }

    private async Task<int> WhileRunningAsync()
    {
        var exceptions = await _inFlight.WaitForIdleOrFirstExceptionAsync();
        if (exceptions.Count > 0)
            return await ReportAsync(exceptions);
        if (deployment.Logger.HasLoggedErrors)
            return Failure;

        try
        {
            await deployment.Monitor.SignalAndWaitForShutdownAsync();
        }
        catch (Exception e)
        {
            return await ReportAsync([e]);
        }

        return Success;
    }

    private async Task<int> ReportAsync(IReadOnlyCollection<Exception> exceptions)
    {
        var wasReported = false;
        foreach (var exception in exceptions)
            wasReported |= await ReportAsync(exception);

        // Also for programs that do not return the result of RunAsync.
        return Environment.ExitCode = wasReported ? FailureReported : Failure;
    }

    /// <returns>Whether the engine has it.</returns>
    private async Task<bool> ReportAsync(Exception exception)
    {
        switch (exception)
        {
            case LogException:
                await Console.Error.WriteLineAsync($"Error occurred trying to send logging message to engine:\n{exception}");
                return false;
            case RunException:
                await LogErrorAsync(exception.Message, null);
                return true;
            case ResourceException { HideStack: var hideStack, Resource: var resource }:
                await LogErrorAsync(hideStack ? exception.Message : exception.ToString(), resource);
                return true;
            default:
                var program = Assembly.GetEntryAssembly()?.Location;
                await LogErrorAsync($"Running program '{program}' failed with an unhandled exception:\n{exception}", null);
                return true;
        }
    }

    private Task LogErrorAsync(string message, Resource? resource) => deployment.Logger.LogAsync(LogSeverity.Error, message, resource);
}
