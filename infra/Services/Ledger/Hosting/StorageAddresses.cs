using System.Text.RegularExpressions;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Indexing.OpenSearch;
using HaCluster.Ledger.Indexing.Sqlite;
using HaCluster.Ledger.Proof;
using HaCluster.Services;

namespace HaCluster.Ledger.Hosting;

/// <summary>Archives and keys by what a person writes for them. Region, credentials and endpoint of AWS come from its own variables and files.</summary>
internal static partial class StorageAddresses
{
    public const string KmsScheme = "kms:";

    private const int Retries = 2;

    private static readonly string[] EndpointVariables = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static bool IsS3(string archive) => archive.StartsWith(S3Archive.Scheme, StringComparison.Ordinal);

    /// <exception cref="FormatException">It is not an address, or AWS has no region here; the message says what is missing.</exception>
    public static IArchive OpenArchive(string address, ObjectRetention? retention = null)
    {
        if (!IsS3(address))
            return new FolderArchive(address);
        var parts = address[S3Archive.Scheme.Length..].Split('/', 2);
        if (parts[0].Length == 0)
            throw new FormatException($"{address} has no bucket; write s3://BUCKET or s3://BUCKET/PREFIX");
        var prefix = parts is [_, { Length: > 0 } rest] ? rest.TrimEnd('/') + "/" : "";
        var isElsewhere = EndpointVariables.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        // Another server than AWS rarely has a host name for each bucket.
        var config = new AmazonS3Config { MaxErrorRetry = Retries, Timeout = Timeout, ForcePathStyle = isElsewhere };
        try
        {
            return new S3Archive(new AmazonS3Client(config), parts[0], prefix, retention, TimeProvider.System);
        }
        catch (AmazonClientException exception)
        {
            throw new FormatException($"{address} cannot be used: {exception.Message}; set AWS_REGION, or AWS_ENDPOINT_URL_S3 for another S3 than that of AWS", exception);
        }
    }

    /// <param name="region">Of AWS, for OpenSearch; null: the one in its host name.</param>
    /// <exception cref="FormatException">It is not an index; the message says what is wrong.</exception>
    /// <exception cref="IndexUnavailableException">The file cannot be used.</exception>
    public static IIndex OpenIndex(string address, string? region, IFaultPoints? faults = null)
    {
        if (!address.Contains("://", StringComparison.Ordinal))
            return region is null ? SqliteIndex.Open(address, faults) : throw new FormatException("--index-region is for OpenSearch, and --index is a file");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            throw new FormatException($"--index is '{address}'; write a file, https://DOMAIN of OpenSearch, or none");
        if (uri.Scheme == "http" && !uri.IsLoopback)
            throw new FormatException($"--index is {address}: records would be sent without TLS; write https://");
        region ??= OpenSearchHost().Match(uri.Host) is { Success: true } host ? host.Groups["region"].Value : null;
        var client = new OpenSearchClient(uri, new OpenSearchOptions(), TimeProvider.System, region is null ? null : new AwsRequestSigner(region));
        return new OpenSearchIndex(client, TimeProvider.System, faults);
    }

    /// <summary>One in KMS is not asked for yet.</summary>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    public static ISigner FindSigner(string key) => key.StartsWith(KmsScheme, StringComparison.Ordinal)
        ? new KmsSigner(new AmazonKeyManagementServiceClient(new AmazonKeyManagementServiceConfig { MaxErrorRetry = Retries, Timeout = Timeout }), key[KmsScheme.Length..])
        : FileSigner.Open(key);

    // https://docs.aws.amazon.com/general/latest/gr/opensearch-service.html
    [GeneratedRegex(@"\.(?<region>[a-z0-9-]+)\.(es|aos)\.(amazonaws\.com(\.cn)?|on\.aws)\z")]
    private static partial Regex OpenSearchHost();
}
