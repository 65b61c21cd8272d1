using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>What is still sent, and what no longer, when something goes wrong.</summary>
internal static class Failures
{
    public static IDictionary<string, object?> ApplyThrows()
    {
        var source = new Thing("source", new ThingArgs { Text = "known" });
        _ = new Thing("dependent", new ThingArgs { Text = source.Urn.Apply(Break) });
        return new Dictionary<string, object?>();

        static string Break(string urn) => throw new InvalidOperationException($"the apply broke on {urn}");
    }

    public static IDictionary<string, object?> RegistrationFails()
    {
        var broken = new Broken("broken");
        _ = new Thing("dependent", new ThingArgs { Text = broken.Id });
        return new Dictionary<string, object?>();
    }

    public static IDictionary<string, object?> InvokeFails()
    {
        var answer = Output.Create(Lookup.InvokeAsync(new LookupArgs { Query = "any", Fails = true }));
        _ = new Thing("dependent", new ThingArgs { Text = answer.Apply(result => result.Answer) });
        return new Dictionary<string, object?>();
    }

    public static IDictionary<string, object?> ProgramThrows() => throw new RunException("settings are wrong");

    private sealed class Broken(string name) : CustomResource("test:index:Broken", name, ResourceArgs.Empty, null);
}
