using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Resources that exist already, and the outputs of another stack.</summary>
internal static class Reads
{
    public static IDictionary<string, object?> Declare()
    {
        var source = new Thing("source", new ThingArgs());
        var existing = Thing.Get("existing", "an-id");
        _ = Thing.Get("computed", Output.Create("computed-id"));
        _ = Thing.Get("optioned", "other-id", new CustomResourceOptions { Version = "3.1.0", DependsOn = { source }, Parent = source });
        _ = new Thing("reader", new ThingArgs { Text = existing.Value });

        var stack = new StackReference("org/project/stack");
        _ = new Thing("fromStack", new ThingArgs
        {
            Any = stack.GetOutput("plain").Apply(value => value ?? "absent"),
            Text = stack.RequireOutput("hidden").Apply(value => (string)value),
        });
        return new Dictionary<string, object?>();
    }
}
