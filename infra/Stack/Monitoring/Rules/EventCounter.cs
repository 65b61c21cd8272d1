namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>An expression about counters of rare events.</summary>
internal static class EventCounter
{
    /// <summary>How many there were in the last half hour, where there was one.</summary>
    /// <remarks>
    /// A counter with labels begins with its first event, and increase() sees nothing of the first value of a series: so a series that was not there half an hour ago counts in full.
    /// </remarks>
    public static string Recent(string metric, string labels) =>
        $"""
        sum by (namespace, {labels}) (increase({metric}[30m])) > 0
          or sum by (namespace, {labels}) ({metric}) > 0 unless sum by (namespace, {labels}) ({metric} offset 30m)
        """;
}
