namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>A query of a panel.</summary>
/// <param name="Expression">PromQL; Grafana puts the values of variables in it.</param>
/// <param name="Legend">Name of a series, with its labels as <c>{{zone}}</c>.</param>
public sealed record Target(string Expression, string Legend);
