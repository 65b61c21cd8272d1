namespace HaCluster.Engine.Invokes;

/// <summary>A function cannot answer; the message says why and what to do.</summary>
internal sealed class InvokeFailure(string message) : Exception(message);
