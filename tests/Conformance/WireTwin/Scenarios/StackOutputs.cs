using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>What a program can give as outputs of its stack.</summary>
internal static class StackOutputs
{
    public static IDictionary<string, object?> Declare()
    {
        var thing = new Thing("thing", new ThingArgs { Text = "known" });
        return new Dictionary<string, object?>
        {
            ["text"] = "plain",
            ["number"] = 1.5,
            ["flag"] = true,
            ["list"] = ImmutableArray.Create<object>("a", thing.Value),
            ["map"] = ImmutableDictionary<string, object>.Empty.Add("id", thing.Id).Add("secret", Output.CreateSecret("s")),
            ["value"] = thing.Value,
            ["hidden"] = thing.SecretValue,
            ["derived"] = thing.Items.Apply(items => items.Length),
        };
    }
}
