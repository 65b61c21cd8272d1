namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>The colour of values from <paramref name="From"/> on.</summary>
/// <param name="From">Null: from the least value on.</param>
/// <param name="Color">A name that Grafana knows, such as <c>green</c>.</param>
public sealed record Threshold(double? From, string Color)
{
    private const string Good = "green";
    private const string Doubtful = "orange";
    private const string Bad = "red";

    /// <summary>Good below <paramref name="doubtful"/>, bad from <paramref name="bad"/> on.</summary>
    public static Threshold[] Rising(double doubtful, double bad) => [new(null, Good), new(doubtful, Doubtful), new(bad, Bad)];

    /// <summary>Bad below <paramref name="doubtful"/>, good from <paramref name="good"/> on.</summary>
    public static Threshold[] Falling(double doubtful, double good) => [new(null, Bad), new(doubtful, Doubtful), new(good, Good)];

    /// <summary>Good below <paramref name="bad"/>, bad from there on.</summary>
    public static Threshold[] BadFrom(double bad) => [new(null, Good), new(bad, Bad)];
}
