namespace HaCluster.Stack.Logging.Search;

/// <summary>A measure of CloudWatch and when it means trouble.</summary>
/// <param name="Name">Short, unique among the alarms of what it watches.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Statistic"><c>Maximum</c>, <c>Minimum</c>, <c>Average</c> or <c>Sum</c>.</param>
/// <param name="Comparison">CloudWatch's name of a comparison.</param>
/// <param name="Threshold">In the metric's own unit.</param>
/// <param name="Periods">How many periods in a row.</param>
/// <param name="Seconds">Length of a period.</param>
/// <param name="Meaning">What is wrong and what to do.</param>
public sealed record SearchAlarm(
    string Name, string Metric, string Statistic, string Comparison, double Threshold, int Periods, int Seconds, string Meaning)
{
    public const string AtLeast = "GreaterThanOrEqualToThreshold";
    public const string AtMost = "LessThanOrEqualToThreshold";
    public const string Below = "LessThanThreshold";

    /// <summary>Whether silence is trouble too.</summary>
    public bool IsSilenceBad { get; init; }
}
