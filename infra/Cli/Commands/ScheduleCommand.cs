using System.CommandLine;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using HaCluster.Cli.Views;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Schedules;

namespace HaCluster.Cli.Commands;

/// <summary><c>ha schedule</c>: where the Pending pods of a cluster would be placed, computed from its objects.</summary>
internal static class ScheduleCommand
{
    private const string Description = """
        Show where kube-scheduler would place the Pending pods of a cluster. The cluster is described by its objects:
          kubectl get namespaces,nodes,csinodes,csidrivers,pods,deployments,replicasets,statefulsets,daemonsets,replicationcontrollers,jobs,cronjobs,pdb,\
          pv,pvc,storageclasses,volumeattachments,priorityclasses,runtimeclasses,limitranges,resourcequotas,services -A -o yaml > cluster/all.yaml
        Workloads without pods are treated as just created.
        """;

    public static Command Create(Terminals terminals)
    {
        var directory = new Argument<string>("DIR") { Description = "A directory of YAML or JSON files with the objects, or one such file; at least one Node." };
        var seed = new Option<int>("--seed") { Description = "Seed for the choice between nodes of equal score, which kube-scheduler makes at random." };
        var @namespace = NamespaceOption.Create();
        var command = new Command("schedule", Description) { directory, seed, @namespace };
        var document = new DocumentOptions(command, "Write the placement as JSON (hacluster.schedule/1) to this file, or to standard output without one.");
        command.SetAction((parsed, token) => RunAsync(
            parsed.GetRequiredValue(directory), NamespaceOption.Read(parsed, @namespace), parsed.GetValue(seed), document.Read(parsed), terminals, token));
        return command;
    }

    private static async Task<int> RunAsync(
        string directory, string? @namespace, int seed, OutputFile json, Terminals terminals, CancellationToken cancellationToken)
    {
        var schedule = await RunProgress.WatchAsync(
            terminals.Error, "scheduling", _ => ClusterSchedule.Of(ClusterDirectory.Read(directory, @namespace), seed), cancellationToken);
        terminals.StrictProblems.NotUnderstood(schedule.Cluster.Unknown.Select(unknown => $"{unknown.Subject}: {unknown.Reason}"));
        json.Write(terminals, stream => ScheduleDocumentWriter.Write(stream, schedule));
        if (!json.IsStandardOutput)
        {
            ScheduleView.Show(terminals.Out, schedule);
            json.Mention(terminals.Out);
        }

        return schedule.Pending == 0 ? ExitCode.Success : ExitCode.CheckFailed;
    }
}
