namespace HaCluster.Stack.Settings.Databases;

/// <summary>A version of an engine and the family of parameter groups that goes with it.</summary>
/// <param name="Number">As the settings and AWS name it.</param>
/// <param name="Family">Family of parameter groups.</param>
public sealed record EngineVersion(string Number, string Family);
