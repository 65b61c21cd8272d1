using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Stack.Logging;

/// <summary>Names after the cluster for what OpenSearch Service gives 28 characters: domains and pipelines.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html,
/// https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_osis_CreatePipeline.html
/// </remarks>
internal static class ShortName
{
    private const int Longest = 28;

    /// <summary><c>CLUSTER-ENDING</c>; of a longer name the beginning and a hash, so that two clusters never meet.</summary>
    public static string Of(string cluster, string ending)
    {
        if (cluster.Length + 1 + ending.Length <= Longest)
            return $"{cluster}-{ending}";

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster)))[..6];
        return $"{cluster[..(Longest - ending.Length - hash.Length - 2)].TrimEnd('-')}-{hash}-{ending}";
    }
}
