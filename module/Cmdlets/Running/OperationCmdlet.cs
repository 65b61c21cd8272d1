using System.Diagnostics;
using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Cmdlets.Views;
using HaCluster.Operations.Running;

namespace HaCluster.Cmdlets.Running;

/// <summary>A cmdlet that changes a cluster by a journaled operation: plan, question, run, result.</summary>
public abstract class OperationCmdlet : ConnectedCmdlet
{
    /// <summary>The operation that runs; null before and after.</summary>
    private volatile string? _running;

    /// <summary>Proceed despite refusals that can be overridden; recorded in the journal. Does not suppress the confirmation prompt: use -Confirm:$false.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Take the cluster's lease from the operator who holds it, although that operation may still run. It is recorded.</summary>
    [Parameter]
    public SwitchParameter TakeLease { get; set; }

    /// <summary>Write the result to the pipeline: state, steps, and what is different now. With -WhatIf: the plan.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Says how to go on.</summary>
    private protected override void OnStopped()
    {
        if (_running is { } id)
            Host.UI.WriteWarningLine($"Stopped; completed steps are kept. Continue with Resume-HaOperation {id}, or revert with Undo-HaOperation {id}.");
    }

    /// <summary>Plans the operation, asks, and runs it.</summary>
    /// <returns>Whether it succeeded: false as well when it was only previewed or declined.</returns>
    private protected async Task<bool> OperateAsync(OperationRequest request)
    {
        _running = null;
        var runner = ClusterEngine.RunnerOf(Session());
        var activity = $"{request.Command} {request.Target}";
        ShowProgress(activity, "planning");
        var plan = await Beside(token => runner.PlanAsync(request, token));
        EndProgress();
        foreach (var warning in IsWhatIf ? [] : plan.Warnings)
            WriteWarning(warning);
        if (!IsWhatIf && plan.Refusals.FirstOrDefault(refusal => !(Force && refusal.Forceable)) is { } standing)
            throw new OperationRefusedException(plan, standing);
        var text = Texts.Plan(plan, TerminalWidth);
        if (!ShouldProcess(text, $"{text}{Environment.NewLine}Do this?", $"{request.Command} on {Session().Info.Name}"))
        {
            if (PassThru && IsWhatIf)
                WriteOf(plan);
            return false;
        }

        return await RunAsync(activity, options => Beside(token => runner.RunAsync(request, options, token)), plan.Warnings);
    }

    /// <summary>Runs an operation with its events as progress, and says how it ended.</summary>
    /// <param name="warned">Warnings that were shown already.</param>
    /// <returns>Whether it succeeded.</returns>
    private protected async Task<bool> RunAsync(string activity, Func<RunOptions, Task<OperationResult>> run, IEnumerable<string>? warned = null)
    {
        var pipeline = (PipelineContext)SynchronizationContext.Current!;
        var events = new OperationEvents(this, activity, warned ?? []);
        var result = await run(new RunOptions
        {
            Force = Force,
            TakeLease = TakeLease,
            OnEvent = happened =>
            {
                if (happened is OperationStarted started)
                    _running = started.Id;
                pipeline.Show(() => events.Show(happened));
            },
        });
        _running = null;
        EndProgress();
        foreach (var warning in result.Warnings)
            events.Warn(warning);
        if (PassThru)
            WriteOf(result);
        if (result.State is OperationState.RolledBack)
            Report(Errors.RolledBack(result));
        else if (!PassThru)
            WriteMessage(OperationEvents.Summary(result));
        return result.State is OperationState.Succeeded;
    }

    /// <summary>The events of one operation on the streams of its cmdlet.</summary>
    private sealed class OperationEvents(OperationCmdlet cmdlet, string activity, IEnumerable<string> warned)
    {
        private string _status = "starting";
        private string _step = "";
        private string _title = "";
        private int _percent;
        private TimeSpan? _left;
        private long _leftAt;

        private readonly HashSet<string> _warnings = new(warned, StringComparer.Ordinal);

        /// <summary>Says a warning once, also when it comes with the plan, as an event and with the result.</summary>
        public void Warn(string warning)
        {
            if (_warnings.Add(warning))
                cmdlet.WriteWarning(warning);
        }

        public static string Summary(OperationResult result) => result.State switch
        {
            OperationState.Succeeded => $"{result.Command} {result.Target}: done in {Texts.Duration(result.Took)} (operation {result.Id}).",
            var state => $"{result.Command} {result.Target}: {state} after {Texts.Duration(result.Took)} (operation {result.Id}).",
        };

        public void Show(OperationEvent happened)
        {
            switch (happened)
            {
                case OperationStarted started:
                    cmdlet.WriteVerbose($"operation {started.Id}: {started.Steps.Count} steps, about {Texts.Duration(started.Expected)}");
                    _status = $"{started.Steps.Count} steps";
                    (_left, _leftAt) = (started.Expected, Stopwatch.GetTimestamp());
                    cmdlet.ShowProgress(activity, _status, left: Left);
                    break;
                case StepChanged changed:
                    Step(changed);
                    break;
                case StepProgress progress:
                    // In the status, since PowerShell's one line of progress shows nothing else: what a long step waits for.
                    cmdlet.ShowProgress(activity, $"{_step}{progress.Message}", _title, _percent, Left);
                    break;
                case CallRetried retried:
                    cmdlet.WriteVerbose($"tried again in {Texts.Duration(retried.After)}: {retried.Message}");
                    cmdlet.ShowProgress(activity, $"{_step}again in {Texts.Duration(retried.After)}: {retried.Message}", _title, _percent, Left);
                    break;
                case OperationWarning warning:
                    Warn(warning.Message);
                    break;
            }
        }

        private void Step(StepChanged changed)
        {
            var step = changed.Step;
            (_step, _title) = ($"step {step.Number} of {changed.Of}: ", step.Title);
            _status = _step + step.Title;
            _percent = Math.Clamp(100 * (step.Number - (step.State is StepState.Started ? 1 : 0)) / Math.Max(1, changed.Of), 0, 100);
            (_left, _leftAt) = (changed.Left, Stopwatch.GetTimestamp());
            var took = step.Took is { } time ? $" after {Texts.Duration(time)}" : "";
            cmdlet.WriteVerbose($"{_status}: {step.State}{took}{(step.Detail.Length > 0 ? $": {step.Detail}" : "")}");
            cmdlet.ShowProgress(activity, _status, step.Detail, _percent, Left);
        }

        /// <summary>Null when it takes longer than was expected.</summary>
        private TimeSpan? Left => _left - Stopwatch.GetElapsedTime(_leftAt) is { } left && left > TimeSpan.Zero ? left : null;
    }
}
