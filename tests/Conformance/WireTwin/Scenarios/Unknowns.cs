using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>What a preview cannot know: no apply runs on it, and it stays unknown, and dependent, wherever it goes.</summary>
internal static class Unknowns
{
    public static IDictionary<string, object?> Declare()
    {
        var source = new Thing("source", new ThingArgs { Text = "known" });
        var other = new Thing("other", new ThingArgs());
        _ = new Thing("direct", new ThingArgs { Text = source.Value, Integer = source.Count, List = source.Items, Map = source.Tags });
        _ = new Thing("derived", new ThingArgs
        {
            Text = Output.Format($"{source.Value}-{other.Id}"),
            Integer = source.Count.Apply(count => count + 1),
            Any = Output.Tuple(source.Value, Output.Create("known")).Apply(both => (object)both.Item2),
        });
        _ = new Thing("nested", new ThingArgs
        {
            List = { "known", source.Value, other.Value },
            Map = { ["known"] = "yes", ["unknown"] = source.Value },
            Nested = new NestedArgs { Inner = other.Value, Amount = 3 },
            Any = Output.Create<object>(ImmutableDictionary<string, object>.Empty.Add("deep", source.Value).Add("near", "known")),
        });
        _ = new Thing("secret", new ThingArgs
        {
            Text = Output.CreateSecret(source.Value),
            Any = Output.Tuple(source.Value, Output.CreateSecret("s")).Apply(both => (object)(both.Item1 + both.Item2)),
        });
        _ = new Thing("urn", new ThingArgs { Text = source.Urn, Any = source.Urn.Apply(urn => (object)urn.Length) });
        return new Dictionary<string, object?> { ["value"] = source.Value, ["known"] = "yes", ["id"] = other.Id };
    }
}
