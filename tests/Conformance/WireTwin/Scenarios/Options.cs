using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Every option that travels with a registration.</summary>
internal static class Options
{
    public static IDictionary<string, object?> Declare()
    {
        var first = new Thing("first", new ThingArgs(), new CustomResourceOptions { Protect = true });
        Declare("unprotected", new CustomResourceOptions { Protect = false });
        Declare("retained", new CustomResourceOptions { RetainOnDelete = true });
        Declare("deleteFirst", new CustomResourceOptions { DeleteBeforeReplace = true });
        Declare("createFirst", new CustomResourceOptions { DeleteBeforeReplace = false });
        Declare("ignoring", new CustomResourceOptions { IgnoreChanges = { "text", "map.key" } });
        Declare("replacing", new CustomResourceOptions { ReplaceOnChanges = { "text", "*" } });
        Declare("hiding", new CustomResourceOptions { AdditionalSecretOutputs = { "value", "tags" } });
        Declare("timed", new CustomResourceOptions
        {
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(5), Delete = TimeSpan.FromSeconds(90) },
        });
        Declare("imported", new CustomResourceOptions { ImportId = "existing-id" });
        Declare("versioned", new CustomResourceOptions { Version = "7.48.0", PluginDownloadURL = "https://example.com/plugins" });
        Declare("deletedWith", new CustomResourceOptions { DeletedWith = first });
        _ = new Group("protectedGroup", new ComponentResourceOptions { Protect = true });
        var parent = new Group("parent", new ComponentResourceOptions { Protect = true, RetainOnDelete = true });
        Declare("childOfProtected", new CustomResourceOptions { Parent = parent });
        return new Dictionary<string, object?>();
    }

    private static void Declare(string name, CustomResourceOptions options) => _ = new Thing(name, new ThingArgs { Text = name }, options);
}
