namespace HaCluster.Cli.Running;

/// <summary>The program that declares the cluster is not built, or not in the expected place.</summary>
internal sealed class ProgramMissingException(string message, Exception? inner = null) : Exception(message, inner);
