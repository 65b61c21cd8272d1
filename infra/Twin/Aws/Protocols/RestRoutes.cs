namespace HaCluster.Twin.Aws.Protocols;

/// <summary>The operations of the REST services by method and path, as in their API references.</summary>
internal static class RestRoutes
{
    private static readonly (string Service, string Method, string[] Path, string Operation)[] All =
    [
        Route("eks", "GET", "clusters", "ListClusters"),
        Route("eks", "GET", "clusters/*", "DescribeCluster"),
        Route("eks", "GET", "clusters/*/node-groups", "ListNodegroups"),
        Route("eks", "GET", "clusters/*/node-groups/*", "DescribeNodegroup"),
        Route("eks", "POST", "clusters/*/node-groups/*/update-config", "UpdateNodegroupConfig"),
        Route("eks", "POST", "clusters/*/node-groups/*/update-version", "UpdateNodegroupVersion"),
        Route("eks", "GET", "clusters/*/updates", "ListUpdates"),
        Route("eks", "GET", "clusters/*/updates/*", "DescribeUpdate"),
        Route("arc-zonal-shift", "GET", "managedresources", "ListManagedResources"),
        Route("arc-zonal-shift", "GET", "managedresources/*", "GetManagedResource"),
        Route("arc-zonal-shift", "GET", "zonalshifts", "ListZonalShifts"),
        Route("arc-zonal-shift", "POST", "zonalshifts", "StartZonalShift"),
        Route("arc-zonal-shift", "PATCH", "zonalshifts/*", "UpdateZonalShift"),
        Route("arc-zonal-shift", "DELETE", "zonalshifts/*", "CancelZonalShift"),
        Route("s3", "GET", "", "ListBuckets"),
        Route("es", "GET", "2021-01-01/domain", "ListDomainNames"),
        Route("es", "POST", "2021-01-01/opensearch/domain-info", "DescribeDomains"),
        Route("es", "GET", "2021-01-01/tags", "ListTags"),
        Route("es", "GET", "2021-01-01/opensearch/domain/*/health", "DescribeDomainHealth"),
    ];

    /// <exception cref="AwsException">There is no such operation, or the twin does not have it.</exception>
    public static (string Operation, IReadOnlyList<string> Path) Find(string service, string method, string rawPath)
    {
        var parts = rawPath.Trim('/').Split('/');
        foreach (var route in All)
        {
            if (route.Service != service || route.Method != method || route.Path.Length != parts.Length)
                continue;
            if (route.Path.Zip(parts).All(pair => pair.First == "*" || pair.First == pair.Second))
                return (route.Operation, [.. route.Path.Zip(parts).Where(pair => pair.First == "*").Select(pair => Uri.UnescapeDataString(pair.Second))]);
        }

        throw new AwsException("UnknownOperationException", $"the twin does not have {method} {rawPath} of {service}", 404);
    }

    private static (string, string, string[], string) Route(string service, string method, string path, string operation) => (service, method, path.Split('/'), operation);
}
