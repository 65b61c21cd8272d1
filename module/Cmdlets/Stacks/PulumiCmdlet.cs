using System.Management.Automation;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Cmdlets.Views;
using HaCluster.Operations.Pulumi;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Which command of Pulumi runs.</summary>
internal enum PulumiCommand
{
    Up,
    Refresh,
    Destroy,
}

/// <summary>A cmdlet that runs Pulumi: preview, question, run.</summary>
public abstract class PulumiCmdlet : StackCmdlet
{
    /// <summary>Write the result to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <returns>Null when it was not to be done.</returns>
    private protected async Task<StackDeployment?> RunPulumiAsync(PulumiCommand command, string summary, Func<Task<IReadOnlyList<LeftResource>>>? afterwards = null)
    {
        var pulumi = ClusterEngine.PulumiIn(Project().Directory);
        var name = command.ToString().ToLowerInvariant();
        var activity = $"{MyInvocation.MyCommand.Name} {Stack}";
        ShowProgress(activity, "pulumi preview");
        var preview = await PreviewAsync(pulumi, command, Progress(activity, "preview"));
        EndProgress();
        var text = $"pulumi {name} of stack {Stack}: {Changes(preview)}. {char.ToUpperInvariant(summary[0])}{summary[1..]}"
            + string.Concat(preview.Steps.Where(step => step.Operation != "same").Take(40).Select(step =>
                $"\n  {step.Operation,-10} {step.Type} {step.Name}{(step.ChangedProperties.IsDefaultOrEmpty ? "" : $" [{string.Join(", ", step.ChangedProperties)}]")}"))
            + (preview.Steps.Length > 40 ? $"\n  and {preview.Steps.Length - 40} more" : "");
        if (!ShouldProcess(text, $"{text}\nDo this?", activity))
            return null;
        var result = await RunAsync(pulumi, command, Progress(activity, name));
        EndProgress();
        var left = afterwards is null ? [] : await afterwards();
        EndProgress();
        foreach (var warning in result.Warnings)
            WriteWarning(warning);
        var deployment = new StackDeployment(Stack, name, result.Changes, result.Warnings, result.Duration, left);
        if (PassThru)
            WriteObject(deployment);
        else
            WriteMessage($"{activity}: {Changes(result)} in {Texts.Duration(result.Duration)}.");
        return deployment;
    }

    private static string Changes(PulumiResult result) => result.Changes.Count == 0
        ? "nothing changes"
        : string.Join(", ", result.Changes.Select(change => $"{change.Key} {change.Value}"));

    private Task<PulumiResult> PreviewAsync(IPulumi pulumi, PulumiCommand command, IProgress<PulumiProgress> progress) => Beside(token => command switch
    {
        PulumiCommand.Up => pulumi.PreviewAsync(Stack, new PulumiOptions(), progress, token),
        PulumiCommand.Refresh => pulumi.RefreshAsync(Stack, new PulumiOptions(PreviewOnly: true), progress, token),
        _ => pulumi.DestroyAsync(Stack, new PulumiOptions(PreviewOnly: true), progress, token),
    });

    private Task<PulumiResult> RunAsync(IPulumi pulumi, PulumiCommand command, IProgress<PulumiProgress> progress) => Beside(token => command switch
    {
        PulumiCommand.Up => pulumi.UpAsync(Stack, new PulumiOptions(), progress, token),
        PulumiCommand.Refresh => pulumi.RefreshAsync(Stack, new PulumiOptions(), progress, token),
        _ => pulumi.DestroyAsync(Stack, new PulumiOptions(), progress, token),
    });

    private Progress<PulumiProgress> Progress(string activity, string phase) => new(step =>
    {
        if (step.Message.Length > 0)
            WriteVerbose($"{step.Severity}: {step.Message}");
        else if (step.IsDone)
            WriteVerbose($"{step.Operation} {step.Type} {step.Name}{(step.IsFailed ? ": failed" : "")}");
        var percent = step.Total is > 0 and var total ? Math.Clamp(100 * step.Done / total, 0, 100) : -1;
        ShowProgress(activity, $"pulumi {phase}: {step.Done}{(step.Total is { } of ? $" of {of}" : "")}", $"{step.Operation} {step.Type} {step.Name}", percent);
    });
}
