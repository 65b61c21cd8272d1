namespace Pulumi;

/// <summary>Ends the program with a message to the user and without a stack trace.</summary>
public class RunException : Exception
{
    public RunException(string message) : base(message)
    {
    }

    public RunException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    public static RunException OutputsHaveIncorrectType(IEnumerable<string> outputAttributeNames)
        => new(
            $"Output(s) '{string.Join(", ", outputAttributeNames)}' have incorrect type. " +
            "[Output] attributed properties must be instances of Output<T>.");
}

/// <summary>A message could not be sent to the engine. Its own type, so that it is never logged through the engine again.</summary>
public class LogException(Exception exception) : Exception("Error occurred during logging: " + exception.Message, exception);

/// <summary>Ends the program with a message that is attached to a resource.</summary>
public class ResourceException : Exception
{
    public ResourceException(string message, Resource? resource, bool hideStack = false) : base(message)
    {
        Resource = resource;
        HideStack = hideStack;
    }

    internal Resource? Resource { get; }

    internal bool HideStack { get; }
}
