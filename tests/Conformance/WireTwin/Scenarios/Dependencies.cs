using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Which resources a registration names: explicit ones, implied ones by property, components by their children.</summary>
internal static class Dependencies
{
    public static IDictionary<string, object?> Declare()
    {
        var first = new Thing("first", new ThingArgs());
        var second = new Thing("second", new ThingArgs());
        var group = new Group("group");
        var child = new Thing("child", new ThingArgs(), new CustomResourceOptions { Parent = group });
        var nested = new Group("nested", new ComponentResourceOptions { Parent = group });
        _ = new Thing("grandchild", new ThingArgs(), new CustomResourceOptions { Parent = nested });

        _ = new Thing("explicit", new ThingArgs(), new CustomResourceOptions { DependsOn = { first, second } });
        _ = new Thing("onComponent", new ThingArgs(), new CustomResourceOptions { DependsOn = { group } });
        _ = new Thing("implied", new ThingArgs
        {
            Text = first.Id,
            Any = Output.Tuple(first.Value, second.Value).Apply(both => (object)both.Item1),
            List = { first.Value, "plain", second.Id },
            Flag = true,
        });
        _ = new Thing("both", new ThingArgs { Text = first.Value }, new CustomResourceOptions { DependsOn = { first, child } });
        _ = new Thing("inChain", new ThingArgs { Text = first.Value.Apply(_ => second.Value) });
        _ = new Thing("parented", new ThingArgs { Text = second.Id }, new CustomResourceOptions { Parent = first, DependsOn = { group } });
        return new Dictionary<string, object?>();
    }
}
