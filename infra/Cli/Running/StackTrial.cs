using System.Collections.Immutable;
using HaCluster.Engine;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Plans;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Proof.Fixes;
using HaCluster.Planning.Proof.Report;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Running;

/// <summary>Runs the program on a changed stack file without writing it, and accepts or refuses the plan as <c>ha plan</c> would.</summary>
/// <param name="text">The stack file.</param>
internal sealed class StackTrial(StackRun run, string text, Manifests manifests) : IStackTrial
{
    public string TextWith(IEnumerable<FixEdit> edits) => StackFileEditor.Apply(
        run.Settings.StackFilePath, text, run.Project.Name,
        edits.Select(edit => new SettingEdit([$"{run.Project.Name}:{edit.Path[0]}", .. edit.Path[1..]], edit.To)));

    public async Task<StackTrialResult> RunAsync(ImmutableArray<FixEdit> edits, CancellationToken cancellationToken)
    {
        try
        {
            var changed = run.With(TextWith(edits));
            var result = await changed.RunAsync(progress: null, cancellationToken);
            if (result.Outcome != ProgramOutcome.Succeeded)
                return new StackTrialResult(null, Complaints(result));
            var cluster = ClusterModelReader.Of(result.Graph, changed.Settings);
            ImmutableArray<string> refusals = [.. QuotaCheck.Shortfalls(cluster)];
            if (refusals.IsEmpty)
            {
                refusals =
                [
                    .. Plan.Of(result.Graph, cluster, changed.Settings, result.Elapsed).Policies.Where(policy => policy.Status == PolicyStatus.Violated)
                        .Select(policy => $"policy {policy.Id}: {policy.Violations[0].Resource}: {policy.Violations[0].Problem}"),
                ];
            }

            return refusals.IsEmpty ? new StackTrialResult(manifests.On(cluster), []) : new StackTrialResult(null, refusals);
        }
        catch (RefusedSettingsException exception)
        {
            return new StackTrialResult(null, [.. exception.Errors]);
        }
        catch (UnreadableInputException exception)
        {
            return new StackTrialResult(null, [exception.Message]);
        }
    }

    private static ImmutableArray<string> Complaints(DeploymentResult result) =>
        ProgramProblems.Of(result) is { Count: > 0 } problems ? [.. problems] : [$"the program did not succeed ({result.Outcome})"];
}
