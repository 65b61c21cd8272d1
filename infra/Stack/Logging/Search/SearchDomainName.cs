namespace HaCluster.Stack.Logging.Search;

/// <summary>Names the domain after the cluster.</summary>
public static class SearchDomainName
{
    /// <summary><c>CLUSTER-logs</c>, or what is left of it in the 28 characters of a domain.</summary>
    public static string Of(string cluster) => ShortName.Of(cluster, "logs");
}
