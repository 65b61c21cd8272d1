using HaCluster.Planning.Plans;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HaCluster.Cli.Views;

/// <summary>The components as a tree, each with its own resources counted by type.</summary>
internal static class TreeView
{
    public static IRenderable Of(ComponentNode root)
    {
        var tree = new Tree(new ComponentLabel(root)) { Guide = TreeGuide.Line };
        foreach (var child in root.Children)
            Add(tree, child);
        return tree;
    }

    private static void Add(IHasTreeNodes parent, ComponentNode component)
    {
        var node = parent.AddNode(new ComponentLabel(component));
        foreach (var child in component.Children)
            Add(node, child);
    }
}
