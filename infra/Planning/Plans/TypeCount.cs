namespace HaCluster.Planning.Plans;

/// <summary>How many resources of one type.</summary>
/// <param name="Type">The type token, such as <c>aws:ec2/subnet:Subnet</c>.</param>
public sealed record TypeCount(string Type, int Count)
{
    /// <summary>The part people say: <c>Subnet</c>.</summary>
    public string ShortName => Type[(Type.LastIndexOf(':') + 1)..];

    /// <summary>The provider's package: <c>aws</c>, <c>kubernetes</c>; <c>pulumi</c> for providers themselves.</summary>
    public string Package => Type[..Math.Max(0, Type.IndexOf(':', StringComparison.Ordinal))];
}
