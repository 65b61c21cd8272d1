namespace HaCluster.Workloads.Tests.Rules;

/// <summary>
/// Two recordings for one alert: one on which it must fire, with these labels and this value in its text, and one on which it must not. The
/// second differs from the first in what matters and little else.
/// </summary>
internal sealed record RuleCase
{
    public required string Alert { get; init; }

    /// <summary>Time between two samples, and between two evaluations; not above 5 minutes where a rule reads plain samples between them.</summary>
    public string Interval { get; init; } = "1m";

    /// <summary>When it is looked at, from the beginning of the recording.</summary>
    public required string At { get; init; }

    /// <summary>Series and their values in the notation of promtool (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/).</summary>
    public required (string Series, string Values)[] Firing { get; init; }

    /// <summary>The same for the silent recording.</summary>
    public required (string Series, string Values)[] Silent { get; init; }

    /// <summary>Labels of the alert that come from its series, <c>zone=a,node=n1</c>.</summary>
    public string Labels { get; init; } = "";

    /// <summary>The value as the texts of the alert show it, null where they do not.</summary>
    public string? Value { get; init; }

    public IReadOnlyDictionary<string, string> LabelsByName => Labels
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    public override string ToString() => Alert;
}
