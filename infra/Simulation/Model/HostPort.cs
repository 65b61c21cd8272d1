namespace HaCluster.Simulation.Model;

/// <summary>A host port. Two pods conflict on the same port and protocol, unless both name different addresses.</summary>
/// <param name="Address">"0.0.0.0" for all.</param>
public sealed record HostPort(int Port, string Protocol, string Address);
