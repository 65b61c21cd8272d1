namespace HaCluster.Engine.Running;

/// <summary>The program could not be started; the message says why in words for the user.</summary>
internal sealed class ProgramStartException(string message, Exception? cause = null) : Exception(message, cause);
