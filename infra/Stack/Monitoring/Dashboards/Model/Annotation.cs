namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>Marks on the time axis of every panel, where a query has a value.</summary>
/// <param name="Name">What a person switches on and off.</param>
/// <param name="Expression">PromQL with a series, of a value other than 0, while there is something to mark.</param>
/// <param name="Title">What a mark says, with the labels of its series as <c>{{workload}}</c>.</param>
/// <param name="Color">A name that Grafana knows.</param>
public sealed record Annotation(string Name, string Expression, string Title, string Color);
