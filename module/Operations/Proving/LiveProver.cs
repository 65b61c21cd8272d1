using HaCluster.Operations.Connecting;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Operations.Proving;

/// <summary>Asks the prover about the live cluster.</summary>
/// <param name="session">Not disposed here.</param>
public sealed class LiveProver(ClusterSession session) : ILiveProver
{
    public async Task<ClusterProof> ProveAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Report("reading the cluster");
        var readAt = session.Time.GetUtcNow();
        var (objects, infrastructure) = (LiveObjects.ReadAsync(session, cancellationToken), LiveInfrastructureReader.ReadAsync(session, isForProof: true, cancellationToken));
        var (live, (aws, withoutAws)) = (await objects, await infrastructure);
        UnknownPart[] unknown = [.. live.Unknown, .. withoutAws, .. session.WithoutObjectives is { } objectives ? [objectives] : Array.Empty<UnknownPart>()];
        progress?.Report("proving");
        var steps = progress is null ? null : new ProofSteps(progress);
        var report = await Task.Run(
            () => Prover.Prove(LiveModel.OfDeclaration(session.ClusterName, live.All, aws), new ProofOptions { FixTime = TimeSpan.Zero }, steps), cancellationToken).WaitAsync(cancellationToken);
        var isComplete = report.IsComplete && unknown.Length == 0;
        return new ClusterProof(
            session.ClusterName,
            report.Holds && isComplete,
            isComplete,
            report.Nodes,
            report.Pods,
            [.. report.Classes.Select(one => new ProofClass(ScenarioClasses.TitleOf(one.Class), one.Tried, one.Failed, one.Skipped is { } why ? $"not tried: {why}" : one.Worst))],
            [.. report.Violations.Select(Violation)],
            unknown,
            [.. report.Incomplete.Select(one => $"{one.Subject}: {one.Reason}")],
            [
                .. report.Assumptions.Select(one => one.Text),
                .. session.Info.Stack is null && session.WithoutObjectives is null ? [$"No stack is known: the objectives are the defaults of {DeclaredObjectives.Key}."] : Array.Empty<string>(),
            ],
            readAt,
            report.Elapsed);
    }

    public async Task<SafetyAnswer> AskAsync(Departure departure, CancellationToken cancellationToken)
    {
        var objects = LiveObjects.ReadAsync(session, cancellationToken);
        // Only a zone takes databases and gateways with it.
        var (aws, unknown) = departure is Departure.OfZone ? await LiveInfrastructureReader.ReadAsync(session, isForProof: false, cancellationToken) : (new LiveInfrastructure { Objectives = session.Objectives }, []);
        var live = await objects;
        return await Task.Run(
            () => new DepartureCheck(LiveModel.OfPlacements(session.ClusterName, live.All, aws), live, [.. live.Unknown, .. unknown]).Answer(departure), cancellationToken).WaitAsync(cancellationToken);
    }

    private static ProofViolation Violation(Violation violation) => new(
        InvariantPages.NameOf(violation.Invariant),
        violation.Subject.ToString(),
        $"{ScenarioClasses.TitleOf(violation.Scenario.Class)}: {violation.Scenario.Subject}",
        violation.Text,
        [.. violation.AlsoIn.Select(one => $"{ScenarioClasses.TitleOf(one.Class)}: {one.Subject}")],
        violation.Advice is { } advice ? [advice] : []);

    private sealed class ProofSteps(IProgress<string> progress) : IProgress<ProofProgress>
    {
        public void Report(ProofProgress value) => progress.Report($"{value.Done} of {value.Total} classes of scenarios");
    }
}
