using System.Collections.Immutable;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>What the program makes of changed settings.</summary>
/// <param name="Model">Null when the settings or the plan are refused.</param>
/// <param name="Refusals">Why; empty when they are accepted.</param>
public sealed record StackTrialResult(ClusterModel? Model, ImmutableArray<string> Refusals);

/// <summary>Runs the program with changed settings; nothing is written.</summary>
public interface IStackTrial
{
    Task<StackTrialResult> RunAsync(ImmutableArray<FixEdit> edits, CancellationToken cancellationToken);
}

/// <summary>
/// Tries the fixes that are settings on the program itself: written into the settings, validated, planned, and the cluster that comes of it proved again.
/// All that go together are tried in one run, those of another kind in a second; only where that does not succeed each has a run of its own.
/// </summary>
public static class FixVerification
{
    public static async Task<ProofReport> RunAsync(
        ProofReport report, ProofOptions options, IStackTrial trial, CancellationToken timeIsUp, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp, cancellationToken);
        var batches = report.Fixes.Where(fix => fix.Kind != FixKind.Manifest).GroupBy(fix => fix.Kind)
            .Select(batch => Task.Run(() => VerifyAsync(report, [.. batch], options, trial, either.Token), cancellationToken));
        var verified = (await Task.WhenAll(batches)).SelectMany(batch => batch).ToDictionary(fix => fix.Number);
        cancellationToken.ThrowIfCancellationRequested();
        return report with { Fixes = [.. report.Fixes.Select(fix => verified.GetValueOrDefault(fix.Number) ?? fix)] };
    }

    /// <summary>The edits of several fixes at once; of two that change the same value the first holds.</summary>
    public static ImmutableArray<FixEdit> EditsOf(IEnumerable<Fix> fixes) => [.. fixes.SelectMany(fix => fix.Edits).DistinctBy(edit => edit.Key)];

    /// <summary>Null when the program takes the settings and what they fix is gone without anything new; also when there was no time to find out.</summary>
    public static async Task<string?> ProblemAsync(ProofReport report, IReadOnlyCollection<Fix> fixes, ProofOptions options, IStackTrial trial, CancellationToken cancellationToken)
    {
        try
        {
            var result = await trial.RunAsync(EditsOf(fixes), cancellationToken);
            if (result.Model is not { } model)
                return $"the program refuses it: {string.Join("; ", result.Refusals)}";
            var removed = fixes.SelectMany(fix => fix.Violations).Select(number => report.Violations[number - 1].Key).ToHashSet();
            var known = report.Violations.Select(violation => violation.Key).ToHashSet();
            var left = Prover.Attempt(model, options, report.Violations[0].Scenario.Class, onlyFirst: false, cancellationToken)
                .FirstOrDefault(violation => removed.Contains(violation.Key) || !known.Contains(violation.Key));
            return left is null ? null : $"{left.Subject} then breaks {InvariantPages.NameOf(left.Invariant)}: {left.Text}";
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<List<Fix>> VerifyAsync(ProofReport report, List<Fix> fixes, ProofOptions options, IStackTrial trial, CancellationToken cancellationToken)
    {
        if (fixes.Count > 1 && await ProblemAsync(report, fixes, options, trial, cancellationToken) is null && !cancellationToken.IsCancellationRequested)
            return [.. fixes.Select(fix => fix with { IsVerified = true })];
        var verified = new List<Fix>();
        foreach (var fix in fixes)
        {
            var problem = cancellationToken.IsCancellationRequested ? null : await ProblemAsync(report, [fix], options, trial, cancellationToken);
            verified.Add(fix with { IsVerified = problem is null && !cancellationToken.IsCancellationRequested, Refusal = problem });
        }

        return verified;
    }
}
