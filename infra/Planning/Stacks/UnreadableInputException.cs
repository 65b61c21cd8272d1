namespace HaCluster.Planning.Stacks;

/// <summary>A file that the person named, or that should be there, cannot be read or understood. The message is complete and for people.</summary>
public sealed class UnreadableInputException : Exception
{
    public UnreadableInputException(string message)
        : base(message) { }

    public UnreadableInputException(string message, Exception inner)
        : base(message, inner) { }
}
