namespace HaCluster.Planning.Stacks;

/// <summary>A file cannot be read or understood. The message is complete and readable.</summary>
public sealed class UnreadableInputException : Exception
{
    public UnreadableInputException(string message)
        : base(message) { }

    public UnreadableInputException(string message, Exception inner)
        : base(message, inner) { }
}
