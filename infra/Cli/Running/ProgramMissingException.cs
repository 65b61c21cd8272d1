namespace HaCluster.Cli.Running;

/// <summary>The program that declares the cluster has not been built, or not where it is expected.</summary>
internal sealed class ProgramMissingException(string message) : Exception(message);
