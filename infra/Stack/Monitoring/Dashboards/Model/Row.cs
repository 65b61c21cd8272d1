using System.Collections.Immutable;

namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>Panels under one heading, from left to right; those that do not fit begin a new line.</summary>
public sealed record Row(string Title, ImmutableArray<Panel> Panels);
