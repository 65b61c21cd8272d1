using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Changes to arguments and options on the way, by the resource itself and by its parents.</summary>
internal static class Transformations
{
    public static IDictionary<string, object?> Declare()
    {
        _ = new Thing("own", new ThingArgs { Text = "before" }, new CustomResourceOptions { ResourceTransformations = { Replace } });
        var group = new Group("group", new ComponentResourceOptions { ResourceTransformations = { Protect } });
        _ = new Thing("inherited", new ThingArgs { Text = "kept" }, new CustomResourceOptions { Parent = group });
        _ = new Thing("both", new ThingArgs { Text = "before" }, new CustomResourceOptions
        {
            Parent = group,
            ResourceTransformations = { Replace },
        });
        return new Dictionary<string, object?>();
    }

    private static ResourceTransformationResult? Replace(ResourceTransformationArgs given) =>
        new(new ThingArgs { Text = "after" }, given.Options);

    private static ResourceTransformationResult? Protect(ResourceTransformationArgs given) =>
        given.Options is CustomResourceOptions options
            ? new(given.Args, CustomResourceOptions.Merge(options, new CustomResourceOptions { Protect = true }))
            : null;
}
