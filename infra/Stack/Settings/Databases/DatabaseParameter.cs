namespace HaCluster.Stack.Settings.Databases;

/// <summary>A parameter that differs from what AWS sets.</summary>
/// <param name="NeedsRestart">Whether it only holds after a restart of the instance.</param>
public sealed record DatabaseParameter(string Name, string Value, bool NeedsRestart = false);
