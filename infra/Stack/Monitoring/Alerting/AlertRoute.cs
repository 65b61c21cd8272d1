using System.Collections.Immutable;
using System.Globalization;

namespace HaCluster.Stack.Monitoring.Alerting;

/// <summary>One branch of Alertmanager's routing tree (https://prometheus.io/docs/alerting/latest/configuration/#route).</summary>
/// <param name="Receiver">Name of the receiver.</param>
/// <param name="Matchers">What alerts it takes, such as <c>severity = "critical"</c>; all must hold.</param>
public sealed record AlertRoute(string Receiver, params ImmutableArray<string> Matchers)
{
    /// <summary>Labels by which alerts are grouped into one message; empty: as in the parent route.</summary>
    public ImmutableArray<string> GroupBy { get; init; } = [];

    /// <summary>How long the first message of a group waits for more alerts.</summary>
    public TimeSpan? GroupWait { get; init; }

    /// <summary>How long the next one waits: also how soon one that failed for good is tried again.</summary>
    public TimeSpan? GroupInterval { get; init; }

    /// <summary>Interval until a message is repeated.</summary>
    public TimeSpan? RepeatInterval { get; init; }

    /// <summary>Whether the branches after it are looked at too.</summary>
    public bool Continues { get; init; }

    public ImmutableArray<AlertRoute> Routes { get; init; } = [];

    public Dictionary<string, object> Values()
    {
        var values = new Dictionary<string, object> { ["receiver"] = Receiver };
        if (!Matchers.IsEmpty)
            values["matchers"] = Matchers.ToArray();
        if (!GroupBy.IsEmpty)
            values["group_by"] = GroupBy.ToArray();
        Add("group_wait", GroupWait);
        Add("group_interval", GroupInterval);
        Add("repeat_interval", RepeatInterval);
        if (Continues)
            values["continue"] = true;
        if (!Routes.IsEmpty)
            values["routes"] = Routes.Select(route => route.Values()).ToArray();
        return values;

        void Add(string name, TimeSpan? span)
        {
            if (span is { } time)
                values[name] = string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s");
        }
    }
}
