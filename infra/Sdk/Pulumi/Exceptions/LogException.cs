namespace Pulumi;

/// <summary>A message could not be sent to the engine. Of its own type so that nobody tries to log it.</summary>
public class LogException(Exception exception) : Exception("Error occurred during logging: " + exception.Message, exception);
