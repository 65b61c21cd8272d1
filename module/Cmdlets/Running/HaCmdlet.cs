using System.Management.Automation;
using System.Management.Automation.Host;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Running;

/// <summary>
/// A cmdlet whose work is asynchronous, comes back to the pipeline's thread after every <c>await</c>, and ends within a second of Ctrl+C.
/// </summary>
/// <remarks>
/// No property, parameter or field of a cmdlet may have a type of <c>deps/</c>: PowerShell looks at them when the module is imported.
/// </remarks>
public abstract class HaCmdlet : PSCmdlet, IDisposable
{
    private const int QuestionMargin = 8;

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

    /// <summary>Columns that text may take before PowerShell or the terminal breaks it within a word; 0 where there is no terminal.</summary>
    // PowerShell wraps the text of a question before the last columns.
    private protected int TerminalWidth => Math.Max(0, ScreenWidth - QuestionMargin);

    /// <summary>0 where there is no terminal.</summary>
    private int ScreenWidth
    {
        get
        {
            try
            {
                return Host.UI?.RawUI?.BufferSize.Width ?? 0;
            }
            catch (Exception exception) when (exception is HostException or NotImplementedException or IOException)
            {
                // So say hosts without a terminal, and those that have not implemented this.
                return 0;
            }
        }
    }

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

    /// <summary>After Ctrl+C: no stream takes anything any more, only the host.</summary>
    private protected virtual void OnStopped()
    {
    }

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

    /// <summary>Writes an error, so that it can be read in this terminal.</summary>
    private protected void Report(ErrorRecord error) => WriteError(Errors.Fit(error, ScreenWidth));

    /// <summary>One sentence for the person at the console, on the information stream as <c>Write-Host</c> does it: no part of the output.</summary>
    private protected void WriteMessage(string message) => WriteInformation(new HostInformationMessage { Message = message }, ["PSHOST"]);

    /// <summary>Shows the calls that the work makes, as they are made.</summary>
    private Task Traced(Func<Task> work)
    {
        var pipeline = (PipelineContext)SynchronizationContext.Current!;
        CallTrace.Begin(call => pipeline.Show(() => WriteVerbose(call)));
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
        catch (Exception exception) when (exception is OperationCanceledException or PipelineStoppedException && StopToken.IsCancellationRequested)
        {
            OnStopped();
            throw new PipelineStoppedException();
        }
        catch (Exception exception) when (exception is not (PipelineStoppedException or FlowControlException or RuntimeException))
        {
            EndProgress();
            Report(Errors.RecordOf(exception));
        }
    }
}
