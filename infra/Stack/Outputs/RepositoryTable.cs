using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.Stack.Outputs;

/// <summary>The stack output that names the image repositories.</summary>
public static class RepositoryTable
{
    public static Output<ImmutableDictionary<string, object>> Of(ImmutableSortedDictionary<string, Output<string>> urls) => Output
        .All(urls.Values)
        .Apply(all => urls.Keys.Zip(all).ToImmutableDictionary(pair => pair.First, pair => (object)pair.Second));
}
