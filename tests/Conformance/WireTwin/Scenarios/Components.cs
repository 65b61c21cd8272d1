using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Components in components, resources and components as values, outputs of components.</summary>
internal static class Components
{
    public static IDictionary<string, object?> Declare()
    {
        var outer = new Group("outer");
        var inner = new Group("inner", new ThingArgs { Text = "argument", Number = 1.5 }, new ComponentResourceOptions { Parent = outer });
        var child = new Thing("child", new ThingArgs { Text = "leaf" }, new CustomResourceOptions { Parent = inner });
        var grandchild = new Thing("grandchild", new ThingArgs { Text = child.Value }, new CustomResourceOptions { Parent = child });
        inner.Give(new Dictionary<string, object?> { ["child"] = child.Value, ["hidden"] = child.SecretValue, ["text"] = "literal" });
        outer.Give(new Dictionary<string, object?>());

        _ = new Thing("takesResource", new ThingArgs { Other = child });
        _ = new Thing("takesComponent", new ThingArgs { Other = outer });
        _ = new Thing("takesList", new ThingArgs { Any = Output.All(child.Value, grandchild.Value).Apply(values => (object)values) });
        var dependent = new Group("dependent", new ThingArgs { Text = child.Value }, new ComponentResourceOptions { DependsOn = { outer } });
        dependent.Give(new Dictionary<string, object?> { ["resource"] = child });
        return new Dictionary<string, object?>();
    }
}
