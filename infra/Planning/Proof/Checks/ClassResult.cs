using System.Collections.Immutable;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>The result of all scenarios of a class.</summary>
internal sealed record ClassResult(ClassVerdict Verdict, ImmutableArray<Violation> Violations, ImmutableArray<string> Notes)
{
    /// <summary>Tries the scenarios one by one; the worst one is summarised.</summary>
    public static ClassResult OfEach(ScenarioClass kind, IEnumerable<Scenario> scenarios, Func<Scenario, Finding> attempt)
    {
        var violations = ImmutableArray.CreateBuilder<Violation>();
        var notes = new SortedSet<string>(StringComparer.Ordinal);
        var tried = 0;
        var failed = 0;
        (Scenario Scenario, Finding Finding)? worst = null;
        TimeSpan? recovery = null;
        foreach (var scenario in scenarios)
        {
            var finding = attempt(scenario);
            tried++;
            failed += finding.Violations.IsEmpty ? 0 : 1;
            violations.AddRange(finding.Violations);
            if (finding.Note is { } note)
                notes.Add(note);
            if (finding.Recovery is { } time && (recovery is null || time > recovery))
                recovery = time;
            if (worst is null || finding.Severity > worst.Value.Finding.Severity)
                worst = (scenario, finding);
        }

        var summary = worst is not { } hardest ? "" : tried == 1 && kind == ScenarioClass.SteadyState ? hardest.Finding.Summary : $"{hardest.Scenario.Subject}: {hardest.Finding.Summary}";
        return new ClassResult(new ClassVerdict(kind, tried, failed, summary, recovery), violations.ToImmutable(), [.. notes]);
    }
}

/// <summary>Tries all scenarios of one class.</summary>
internal interface ICheck
{
    ScenarioClass Class { get; }

    ClassResult Run();
}

/// <summary>The result of one scenario.</summary>
/// <param name="Severity">Orders the findings of a class; only the most severe one is shown.</param>
/// <param name="Summary">A readable summary of the outcome.</param>
internal sealed record Finding(ImmutableArray<Violation> Violations, double Severity, string Summary, TimeSpan? Recovery = null, string? Note = null);
