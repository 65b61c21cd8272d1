namespace HaCluster.Stack.Naming;

/// <summary>What every component needs to name, tag and address its resources.</summary>
/// <param name="ClusterName">Name of the cluster; physical names begin with it.</param>
/// <param name="Account">Where the resources live.</param>
/// <param name="Tags">Tags of every resource.</param>
public sealed record StackScope(string ClusterName, AwsAccount Account, ResourceTags Tags)
{
    /// <summary>The physical name of a resource. IAM has one set of names for all regions: clusters of one account are named apart.</summary>
    public string NameOf(string resource) => $"{ClusterName}-{resource}";

    /// <summary>The same scope with tags that name a component.</summary>
    public StackScope Of(string component) => this with { Tags = Tags.Of(component) };
}
