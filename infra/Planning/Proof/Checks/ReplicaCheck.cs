using HaCluster.Planning.Proof.Disruptions;
using HaCluster.Simulation.Running;
using HaCluster.Simulation.Scenarios;

namespace HaCluster.Planning.Proof.Checks;

/// <summary>A replica with a volume fails on a healthy node: its volume is there, so it restarts in the same place.</summary>
internal sealed class ReplicaCheck(ProofContext context, ScenarioCatalog catalog) : ICheck
{
    private readonly DisruptionRunner _disruptions = new(context);
    private readonly HashSet<string> _running = [.. context.Nodes.SelectMany(node => node.Pods).Select(pod => pod.ToString())];

    public ScenarioClass Class => ScenarioClass.ReplicaLost;

    public ClassResult Run() => ClassResult.OfEach(Class, catalog.Of(Class), Try);

    private Finding Try(Scenario scenario)
    {
        // The steady state check reports a replica that does not run.
        if (!_running.Contains(scenario.Subject))
            return new Finding([], 0, "it does not run");
        var lost = (Scenario.ReplicaLost)scenario;
        var outcome = _disruptions.Run(new Disruption.PodLost(scenario.Subject), canLaunch: false);
        var (_, status) = outcome.Replicated.First(entry => entry.Key == lost.Workload);
        var time = status.Slowest?.Total;
        var summary = $"{status.LeastReady} of {Wording.Count(status.Desired, "replica")} {Wording.Verb(status.LeastReady, "serves", "serve")}"
            + (time is { } back ? $", all ready again after {Wording.Time(back)}" : "");
        return new Finding([.. outcome.Short(scenario), .. outcome.Late(scenario, context.Model.Objectives)], time?.TotalSeconds ?? 0, summary, time);
    }
}
