using System.Collections.Immutable;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>The result of the program with changed settings.</summary>
/// <param name="Model">Null when the settings or the plan are refused.</param>
/// <param name="Refusals">Why; empty when they are accepted.</param>
public sealed record StackTrialResult(ClusterModel? Model, ImmutableArray<string> Refusals);

/// <summary>Runs the program with changed settings; nothing is written.</summary>
public interface IStackTrial
{
    Task<StackTrialResult> RunAsync(ImmutableArray<FixEdit> edits, CancellationToken cancellationToken);
}

/// <summary>
/// Verifies fixes of settings with the program itself: the changed settings are validated and planned, and the resulting cluster is proved again.
/// Compatible fixes are verified in one run, those that lower objectives in a second; only if that fails does each get its own run.
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

    /// <summary>The edits of several fixes at once; of two that change the same value the first wins.</summary>
    public static ImmutableArray<FixEdit> EditsOf(IEnumerable<Fix> fixes) => [.. fixes.SelectMany(fix => fix.Edits).DistinctBy(edit => edit.Key)];

    /// <summary>Null when the program accepts the settings and the violation is gone without a new one (but for those that it hid), or when time ran out.</summary>
    public static async Task<string?> ProblemAsync(ProofReport report, IReadOnlyCollection<Fix> fixes, ProofOptions options, IStackTrial trial, CancellationToken cancellationToken)
    {
        try
        {
            var result = await trial.RunAsync(EditsOf(fixes), cancellationToken);
            if (result.Model is not { } model)
                return $"the program refuses it: {string.Join("; ", result.Refusals)}";
            var fixedOnes = fixes.SelectMany(fix => fix.Violations).Distinct().Select(number => report.Violations[number - 1]).ToList();
            var removed = fixedOnes.Select(violation => violation.Key).ToHashSet();
            var known = report.Violations.Select(violation => violation.Key).ToHashSet();
            var left = Prover.Attempt(model, options, report.Violations[0].Scenario.Class, onlyFirst: false, cancellationToken)
                .FirstOrDefault(violation => removed.Contains(violation.Key) || !(known.Contains(violation.Key) || fixedOnes.Exists(one => one.MayHide(violation))));
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
