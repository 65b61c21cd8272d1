using HaCluster.Wire;

namespace Pulumi;

/// <summary>
/// Messages to the user. They are sent to the engine, attached to a resource if one is given; an ephemeral message is not kept,
/// and messages of one stream belong together.
/// </summary>
public static class Log
{
    public static void Debug(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
        => Send(LogSeverity.Debug, message, resource, streamId, ephemeral);

    public static void Info(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
        => Send(LogSeverity.Info, message, resource, streamId, ephemeral);

    public static void Warn(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
        => Send(LogSeverity.Warning, message, resource, streamId, ephemeral);

    /// <summary>Also makes the program fail.</summary>
    public static void Error(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
        => Send(LogSeverity.Error, message, resource, streamId, ephemeral);

    /// <summary>Also makes the program fail.</summary>
    public static void Exception(Exception exception, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
        => Error(exception.ToString(), resource, streamId, ephemeral);

    private static void Send(LogSeverity severity, string message, Resource? resource, int? streamId, bool? ephemeral)
        => _ = Deployment.Current.Logger.LogAsync(severity, message, resource, streamId, ephemeral);
}
