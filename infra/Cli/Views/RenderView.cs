using HaCluster.Cli.Terminal;
using HaCluster.Planning.Rendering;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>What a render wrote, and how to use it.</summary>
internal static class RenderView
{
    public static void Show(Terminals terminals, string directory, Render render, RenderChange change)
    {
        WarningsView.Show(terminals.Error, render.Warnings);
        terminals.Out.MarkupLineInterpolated(
            $"[bold]{Many(render.Objects, "Kubernetes object")}[/] and the values of [bold]{Many(render.Releases, "Helm release")}[/] in {directory}");
        terminals.Out.MarkupLineInterpolated($"{Many(change.Written, "file")} written, {change.Unchanged} unchanged, {change.Removed} removed");

        // A dry run keeps nothing, so the objects of a namespace would not find it.
        terminals.Out.MarkupLineInterpolated($"[grey]kubectl apply $(printf ' -f %s' {directory}/00-*)    # namespaces first, then:[/]");
        terminals.Out.MarkupLineInterpolated($"[grey]kubectl apply --dry-run=server -f {directory}[/]");
    }

    private static string Many(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
