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
        terminals.StrictProblems.Warn(render.Warnings);
        terminals.Out.MarkupLine($"[bold]{Many(render.Objects, "Kubernetes object")}[/] and the values of [bold]{Many(render.Releases, "Helm release")}[/]");
        terminals.Out.WriteRaw($"in {directory}");
        terminals.Out.MarkupLineInterpolated($"{Many(change.Written, "file")} written, {change.Unchanged} unchanged, {change.Removed} removed");

        // A dry run keeps nothing, so the objects of a namespace would not find it.
        var folder = ShellWord.Of(directory);
        terminals.Out.MarkupLine("[grey]namespaces first, then everything:[/]");
        terminals.Out.WriteRaw($"  for file in {folder}/00-*; do kubectl apply -f \"$file\"; done");
        terminals.Out.WriteRaw($"  kubectl apply --dry-run=server -f {folder}");
    }

    private static string Many(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
