using HaCluster.Planning;
using HaCluster.Planning.Schedules;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>Where Pending pods would be placed, and why some stay Pending.</summary>
internal static class ScheduleView
{
    public static void Show(IAnsiConsole console, ClusterSchedule schedule)
    {
        console.ProseLineInterpolated($"{Wording.Count(schedule.Cluster.Zones.Length, "zone")}, {Wording.Count(schedule.Cluster.Nodes.Length, "node")}, {Wording.Count(schedule.Running, "pod")} already scheduled, {schedule.Pods.Length} to place");
        if (schedule.Pods.Length > 0)
        {
            Listing.Heading(console, "Pods to place");
            var table = Listing.Create("~Pod", "Zone", "~Node");
            foreach (var pod in schedule.Pods)
                table.AddRow(new Prose($"{pod.Namespace}/{pod.Name}"), new Text(pod.Zone ?? "-"), Place(pod));
            Listing.Write(console, table);
        }

        Listing.Bullets(console, "Good to know", schedule.Cluster.Notes.Select(note => $"{note.Subject}: {note.Text}"));
        Listing.Bullets(console, "Not evaluated", schedule.Cluster.Unknown.Select(unknown => $"{unknown.Subject}: {unknown.Reason}"));
        Listing.Bullets(console, "Assumptions", schedule.Cluster.Assumptions);
        console.WriteLine();
        if (schedule.Pending > 0)
            console.ProseLineInterpolated($"[bold red]{schedule.Pending} of {Wording.Count(schedule.Pods.Length, "pod")} {(schedule.Pending == 1 ? "stays" : "stay")} Pending[/]");
        else
            console.ProseLineInterpolated($"[bold green]{(schedule.Pods.Length == 0 ? "no pod is Pending" : schedule.Pods.Length == 1 ? "the pod can be scheduled" : $"all {schedule.Pods.Length} pods can be scheduled")}[/]");
    }

    private static Prose Place(ScheduledPod pod) => pod.Node is null
        ? new Prose(Markup.FromInterpolated($"[red]Pending[/]: {pod.Reason}"))
        : new Prose($"{pod.Node}{(pod.Preempts.IsEmpty ? "" : $", preempts {string.Join(", ", pod.Preempts)}")}");
}
