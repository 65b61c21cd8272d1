using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Every way to tell a former name.</summary>
internal static class Aliases
{
    public static IDictionary<string, object?> Declare()
    {
        var parent = new Group("parent", new ComponentResourceOptions { Aliases = { new Alias { Name = "old-parent" } } });
        _ = new Thing("urn", new ThingArgs(), With(new Alias { Urn = "urn:pulumi:stack::project::test:index:Thing::gone" }));
        _ = new Thing("name", new ThingArgs(), With(new Alias { Name = "former" }));
        _ = new Thing("type", new ThingArgs(), With(new Alias { Type = "test:index:OldThing" }));
        _ = new Thing("parentResource", new ThingArgs(), With(new Alias { Parent = parent }));
        _ = new Thing("parentUrn", new ThingArgs(), With(new Alias { ParentUrn = parent.Urn }));
        _ = new Thing("noParent", new ThingArgs(), Under(parent, new Alias { NoParent = true }));
        _ = new Thing("elsewhere", new ThingArgs(), With(new Alias { Stack = "other", Project = "another" }));
        _ = new Thing("all", new ThingArgs(), Under(parent, new Alias { Name = "n", Type = "t:m:N", Stack = "s", Project = "p", Parent = parent }));
        _ = new Thing("several", new ThingArgs(), With(new Alias { Name = "first" }, new Alias { Name = "second" }));
        _ = new Thing("computed", new ThingArgs(), With(new Alias { Name = Output.Create("later") }));
        _ = new Thing("childOfAliased", new ThingArgs(), new CustomResourceOptions { Parent = parent });
        return new Dictionary<string, object?>();
    }

    private static CustomResourceOptions With(params Alias[] aliases) => Under(null, aliases);

    private static CustomResourceOptions Under(Resource? parent, params Alias[] aliases) =>
        new() { Parent = parent, Aliases = [.. aliases.Select(alias => (Input<Alias>)alias)] };
}
