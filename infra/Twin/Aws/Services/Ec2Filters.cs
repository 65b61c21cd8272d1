namespace HaCluster.Twin.Aws.Services;

/// <summary>Filters that all calls which describe resources take.</summary>
internal static class Ec2Filters
{
    /// <exception cref="AwsException">It is no filter by tag.</exception>
    public static bool ByTag((string Name, IReadOnlyList<string> Values) filter, IReadOnlyDictionary<string, string> tags) => filter.Name switch
    {
        "tag-key" => filter.Values.Any(tags.ContainsKey),
        var name when name.StartsWith("tag:", StringComparison.Ordinal) => tags.TryGetValue(name["tag:".Length..], out var value) && (filter.Values.Contains(value) || filter.Values.Contains("*")),
        var name => throw new AwsException("InvalidParameterValue", $"The filter '{name}' is invalid: the twin does not have it"),
    };
}
