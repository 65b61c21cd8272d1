using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Stack.Logging.Search;

/// <summary>Names the domain after the cluster, in the 28 characters that OpenSearch Service gives.</summary>
/// <remarks>https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html</remarks>
public static class SearchDomainName
{
    private const int Longest = 28;
    private const string Ending = "-logs";

    /// <summary><c>CLUSTER-logs</c>; of a longer name the beginning and a hash, so that two clusters never meet.</summary>
    public static string Of(string cluster)
    {
        if (cluster.Length + Ending.Length <= Longest)
            return cluster + Ending;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster)))[..6];
        return $"{cluster[..(Longest - Ending.Length - hash.Length - 1)].TrimEnd('-')}-{hash}{Ending}";
    }
}
