namespace HaCluster.Planning.Rendering;

/// <summary>What writing a render did to its directory, in files.</summary>
public sealed record RenderChange(int Written, int Unchanged, int Removed);
