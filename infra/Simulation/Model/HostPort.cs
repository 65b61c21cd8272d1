namespace HaCluster.Simulation.Model;

/// <summary>A port of the node itself. Two pods clash on the same port and protocol, unless both name different addresses.</summary>
/// <param name="Address">"0.0.0.0" for all.</param>
public sealed record HostPort(int Port, string Protocol, string Address);
