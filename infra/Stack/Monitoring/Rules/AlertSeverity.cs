namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>How soon someone must look.</summary>
public static class AlertSeverity
{
    /// <summary>Now, at any hour: users notice, or money or data is at stake.</summary>
    public const string Critical = "critical";

    /// <summary>Within the working day: it becomes critical when nobody acts.</summary>
    public const string Warning = "warning";

    /// <summary>Worth knowing beside something else.</summary>
    public const string Info = "info";
}
