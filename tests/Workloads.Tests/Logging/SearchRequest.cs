namespace HaCluster.Workloads.Tests.Logging;

/// <summary>A request that OpenSearch got.</summary>
internal sealed record SearchRequest(string Method, string PathAndQuery, string Body, string Authorization, string Token, string Date, string Host);
