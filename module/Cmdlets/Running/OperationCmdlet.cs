using System.Management.Automation;
using HaCluster.Operations.Running;

namespace HaCluster.Cmdlets.Running;

/// <summary>A cmdlet that changes a cluster by a journaled operation: plan, question, run, result.</summary>
public abstract class OperationCmdlet : ConnectedCmdlet
{
    /// <summary>Overrule what refuses the operation, where it may be overruled. It is recorded in the journal. It does not answer a confirmation: that is -Confirm:$false.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Take the cluster's lease from the operator who holds it, although that operation may still run. It is recorded.</summary>
    [Parameter]
    public SwitchParameter TakeLease { get; set; }

    /// <summary>Write the result to the pipeline: state, steps, and what is different now. With -WhatIf: the plan.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Plans the operation, asks, and runs it.</summary>
    private protected async Task OperateAsync(OperationRequest request)
    {
        var runner = ClusterEngine.RunnerOf(Session());
        var activity = $"{request.Command} {request.Target}";
        ShowProgress(activity, "planning");
        var plan = await Beside(token => runner.PlanAsync(request, token));
        EndProgress();
        foreach (var warning in IsWhatIf ? [] : plan.Warnings)
            WriteWarning(warning);
        if (!IsWhatIf && plan.Refusals.FirstOrDefault(refusal => !(Force && refusal.Forceable)) is { } standing)
            throw new OperationRefusedException(plan, standing);
        var text = Texts.Plan(plan);
        if (!ShouldProcess(text, $"{text}{Environment.NewLine}Do this?", $"{request.Command} on {Session().Info.Name}"))
        {
            if (PassThru && IsWhatIf)
                WriteOf(plan);
            return;
        }

        await RunAsync(activity, options => Beside(token => runner.RunAsync(request, options, token)));
    }

    /// <summary>Runs an operation with its events as progress, and says how it ended.</summary>
    private protected async Task RunAsync(string activity, Func<RunOptions, Task<OperationResult>> run)
    {
        var pipeline = SynchronizationContext.Current!;
        var events = new OperationEvents(this, activity);
        var result = await run(new RunOptions
        {
            Force = Force,
            TakeLease = TakeLease,
            OnEvent = happened => pipeline.Post(_ => events.Show(happened), null),
        });
        EndProgress();
        foreach (var warning in result.Warnings)
            events.Warn(warning);
        if (PassThru)
            WriteOf(result);
        else
            Tell(OperationEvents.Summary(result));
    }

    /// <summary>The events of one operation on the streams of its cmdlet.</summary>
    private sealed class OperationEvents(OperationCmdlet cmdlet, string activity)
    {
        private string _status = "starting";
        private int _percent;
        private TimeSpan? _left;

        private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);

        /// <summary>Says a warning once, also when it comes as an event and with the result.</summary>
        public void Warn(string warning)
        {
            if (_warnings.Add(warning))
                cmdlet.WriteWarning(warning);
        }

        public static string Summary(OperationResult result) => result.State switch
        {
            OperationState.Succeeded => $"{result.Command} {result.Target}: done in {Texts.Duration(result.Took)}. Undo-HaOperation {result.Id} undoes it.",
            var state => $"{result.Command} {result.Target}: {state} after {Texts.Duration(result.Took)} (operation {result.Id}).",
        };

        public void Show(OperationEvent happened)
        {
            switch (happened)
            {
                case OperationStarted started:
                    cmdlet.WriteVerbose($"operation {started.Id}: {started.Steps.Count} steps, about {Texts.Duration(started.Expected)}");
                    (_status, _left) = ($"{started.Steps.Count} steps", started.Expected);
                    cmdlet.ShowProgress(activity, _status, left: _left);
                    break;
                case StepChanged changed:
                    Step(changed);
                    break;
                case StepProgress progress:
                    cmdlet.ShowProgress(activity, _status, progress.Message, _percent, _left);
                    break;
                case CallRetried retried:
                    cmdlet.WriteVerbose($"tried again in {Texts.Duration(retried.After)}: {retried.Message}");
                    cmdlet.ShowProgress(activity, _status, $"again in {Texts.Duration(retried.After)}: {retried.Message}", _percent, _left);
                    break;
                case OperationWarning warning:
                    Warn(warning.Message);
                    break;
            }
        }

        private void Step(StepChanged changed)
        {
            var step = changed.Step;
            _status = $"step {step.Number} of {changed.Of}: {step.Title}";
            _percent = Math.Clamp(100 * (step.Number - (step.State is StepState.Started ? 1 : 0)) / Math.Max(1, changed.Of), 0, 100);
            _left = changed.Left;
            var took = step.Took is { } time ? $" after {Texts.Duration(time)}" : "";
            cmdlet.WriteVerbose($"{_status}: {step.State}{took}{(step.Detail.Length > 0 ? $": {step.Detail}" : "")}");
            cmdlet.ShowProgress(activity, _status, step.Detail, _percent, _left);
        }
    }
}
