using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Functions, plain and with outputs: their options, and what depends on their answers.</summary>
internal static class Invokes
{
    public static IDictionary<string, object?> Declare()
    {
        var provider = new TestProvider("test", "provider", new TestProviderArgs { Region = "here" });
        var source = new Thing("source", new ThingArgs());

        var plain = Output.Create(Lookup.InvokeAsync(new LookupArgs { Query = "plain" }, new InvokeOptions { Version = "2.0.0" }));
        _ = new Thing("fromPlain", new ThingArgs { Text = plain.Apply(result => result.Answer) });

        var withProvider = Lookup.Invoke(new LookupInvokeArgs { Query = "provider" }, new InvokeOptions { Provider = provider });
        _ = new Thing("fromProvider", new ThingArgs { Text = withProvider.Apply(result => result.Answer) });

        // In a preview the argument is unknown: the function is not called and its result is unknown.
        var chained = Lookup.Invoke(new LookupInvokeArgs { Query = source.Value });
        _ = new Thing("fromChained", new ThingArgs { Text = chained.Apply(result => result.Answer) });

        var secret = Lookup.Invoke(new LookupInvokeArgs { Query = Output.CreateSecret("secret") });
        _ = new Thing("fromSecret", new ThingArgs { Text = secret.Apply(result => result.Answer) });

        var hidden = Lookup.Invoke(new LookupInvokeArgs { Query = "hidden" });
        _ = new Thing("fromHidden", new ThingArgs { Text = hidden.Apply(result => result.Hidden) });

        var ordered = Lookup.Invoke(new LookupInvokeArgs { Query = "ordered" }, new InvokeOutputOptions { DependsOn = { source } });
        _ = new Thing("fromOrdered", new ThingArgs { Text = ordered.Apply(result => result.Answer) });

        var parent = new Group("parent", new ComponentResourceOptions { Provider = provider });
        var inherited = Lookup.Invoke(new LookupInvokeArgs { Query = "parent" }, new InvokeOptions { Parent = parent });
        _ = new Thing("fromParent", new ThingArgs { Text = inherited.Apply(result => result.Answer) });
        return new Dictionary<string, object?>();
    }
}
