using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Which provider a resource gets: its own, its parent's for the package, or the default one.</summary>
internal static class Providers
{
    public static IDictionary<string, object?> Declare()
    {
        var first = new TestProvider("test", "first", new TestProviderArgs { Region = "here", Strict = true });
        var second = new TestProvider("test", "second", new TestProviderArgs { Region = Output.CreateSecret("there") });
        var foreign = new TestProvider("foreign", "foreign", new TestProviderArgs(), new CustomResourceOptions { Version = "1.2.3" });

        _ = new Thing("default", new ThingArgs());
        _ = new Thing("explicit", new ThingArgs(), new CustomResourceOptions { Provider = first });
        _ = new Thing("otherPackage", new ThingArgs(), new CustomResourceOptions { Provider = foreign });

        var one = new Group("one", new ComponentResourceOptions { Provider = first });
        var inherits = new Thing("inherits", new ThingArgs(), new CustomResourceOptions { Parent = one });
        _ = new Thing("inheritsTwice", new ThingArgs(), new CustomResourceOptions { Parent = inherits });
        _ = new Thing("overrides", new ThingArgs(), new CustomResourceOptions { Parent = one, Provider = second });

        var several = new Group("several", new ComponentResourceOptions { Providers = { second, foreign } });
        var nested = new Group("nested", new ComponentResourceOptions { Parent = several });
        _ = new Thing("fromGrandparent", new ThingArgs(), new CustomResourceOptions { Parent = nested });
        _ = new Foreign("foreignFromGrandparent", new CustomResourceOptions { Parent = nested });
        _ = new Foreign("foreignDefault", new CustomResourceOptions { Parent = one });
        return new Dictionary<string, object?>();
    }

    private sealed class Foreign(string name, CustomResourceOptions options)
        : CustomResource("foreign:index:Thing", name, ResourceArgs.Empty, options);
}
