using HaCluster.Cli.Terminal;
using HaCluster.Planning;
using HaCluster.Planning.Rendering;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The files that a render wrote, and how to use them.</summary>
internal static class RenderView
{
    public static void Show(Terminals terminals, string directory, Render render, RenderChange change)
    {
        WarningsView.Show(terminals.Out, render.Warnings);
        terminals.StrictProblems.Warn(render.Warnings);
        terminals.Out.MarkupLine($"[bold]{Wording.Count(render.Objects, "Kubernetes object")}[/] and the values of [bold]{Wording.Count(render.Releases, "Helm release")}[/]");
        terminals.Out.WriteRaw($"in {directory}");
        terminals.Out.MarkupLineInterpolated($"{Wording.Count(change.Written, "file")} written, {change.Unchanged} unchanged, {change.Removed} removed");

        // A dry run creates nothing, so objects would not find their namespace.
        var folder = ShellWord.Of(directory);
        terminals.Out.MarkupLine("[grey]namespaces first, then everything:[/]");
        terminals.Out.WriteRaw($"  for file in {folder}/00-*; do kubectl apply -f \"$file\"; done");
        terminals.Out.WriteRaw($"  kubectl apply --dry-run=server -f {folder}");
    }
}
