namespace HaCluster.Planning.Rendering;

/// <summary>One file of a render: its path below the output directory, with '/' as separator, and its whole text.</summary>
public sealed record RenderedFile(string Path, string Text);
