using System.Management.Automation;

namespace HaCluster.Cmdlets.Running;

/// <summary>
/// A cmdlet whose work is asynchronous, comes back to the pipeline's thread after every <c>await</c>, and ends within a second of Ctrl+C.
/// </summary>
/// <remarks>
/// No property, parameter or field of a cmdlet may have a type of <c>deps/</c>: PowerShell looks at them when the module is imported.
/// </remarks>
public abstract class HaCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private int _progressShown;

    /// <summary>Cancelled by Ctrl+C, and by whatever else stops the pipeline.</summary>
    protected CancellationToken StopToken => _stopping.Token;

    /// <summary>Whether the caller wants to see what would happen only.</summary>
    protected bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? ((SwitchParameter)given).ToBool()
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference", false));

    /// <summary>The folder that the caller is in; null when it is not one of a file system.</summary>
    protected string? WorkingDirectory => SessionState.Path.CurrentFileSystemLocation?.ProviderPath;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing) => _stopping.Dispose();

    protected sealed override void BeginProcessing() => Run(BeginAsync);

    protected sealed override void ProcessRecord() => Run(ProcessAsync);

    protected sealed override void EndProcessing() => Run(EndAsync);

    protected sealed override void StopProcessing() => _stopping.Cancel();

    protected virtual Task BeginAsync() => Task.CompletedTask;

    /// <summary>For each object of the pipeline.</summary>
    protected abstract Task ProcessAsync();

    protected virtual Task EndAsync() => Task.CompletedTask;

    /// <summary>Runs what may compute for long beside the pipeline's thread, which goes on showing progress.</summary>
    private protected Task<T> Beside<T>(Func<CancellationToken, Task<T>> work) => Task.Run(() => work(StopToken), StopToken);

    /// <summary>Shows the phase that the cmdlet is in.</summary>
    private protected void ShowProgress(string activity, string status, string? operation = null, int percent = -1, TimeSpan? left = null)
    {
        _progressShown = 1;
        WriteProgress(new ProgressRecord(0, activity, status.Length > 0 ? status : " ")
        {
            CurrentOperation = operation,
            PercentComplete = percent,
            SecondsRemaining = left is { } time ? (int)Math.Ceiling(time.TotalSeconds) : -1,
        });
    }

    private protected void EndProgress()
    {
        if (Interlocked.Exchange(ref _progressShown, 0) == 1)
            WriteProgress(new ProgressRecord(0, "done", "done") { RecordType = ProgressRecordType.Completed });
    }

    /// <summary>One sentence for the person at the console, on the information stream as <c>Write-Host</c> does it: no part of the output.</summary>
    private protected void Tell(string message) => WriteInformation(new HostInformationMessage { Message = message }, ["PSHOST"]);

    /// <summary>Shows the calls that the work makes, as they are made.</summary>
    private Task Traced(Func<Task> work)
    {
        var pipeline = SynchronizationContext.Current!;
        CallTrace.Begin(call => pipeline.Post(_ => WriteVerbose(call), null));
        return work();
    }

    /// <summary>Wraps errors of one object, so that the pipeline goes on with the next one.</summary>
    private void Run(Func<Task> work)
    {
        try
        {
            PipelineContext.Run(() => Traced(work), StopToken);
            EndProgress();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception exception) when (exception is not (PipelineStoppedException or FlowControlException or RuntimeException))
        {
            EndProgress();
            WriteError(Errors.RecordOf(exception));
        }
    }
}
