namespace HaCluster.Cli.Images;

/// <summary>A registry did not take an image. The message is complete and readable.</summary>
internal sealed class RegistryException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>There was no answer, or one that says that the registry is unavailable.</summary>
    public bool IsUnreachable { get; init; }
}
