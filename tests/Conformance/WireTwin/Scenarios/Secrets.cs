using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Secrets through every combinator, nested ones, and secrets that a resource answers with.</summary>
internal static class Secrets
{
    public static IDictionary<string, object?> Declare()
    {
        var password = Output.CreateSecret("hunter2");
        var plain = Output.Create("plain");
        _ = new Thing("direct", new ThingArgs { Text = password, Integer = Output.CreateSecret(7), Flag = Output.CreateSecret(true) });
        _ = new Thing("combined", new ThingArgs
        {
            Text = Output.Format($"{plain}:{password}"),
            Any = Output.Tuple(plain, password).Apply(both => (object)$"{both.Item1}/{both.Item2}"),
            Number = password.Apply(text => (double)text.Length),
        });
        _ = new Thing("nested", new ThingArgs
        {
            Any = Output.Create<object>(new Dictionary<string, object>
            {
                ["open"] = "yes",
                ["closed"] = Output.CreateSecret("inner"),
                ["list"] = ImmutableArray.Create<object>("a", Output.CreateSecret("b")),
            }.ToImmutableDictionary()),
            Nested = new NestedArgs { Inner = password, Amount = 1 },
        });
        _ = new Thing("twice", new ThingArgs { Text = Output.CreateSecret(password) });
        _ = new Thing("opened", new ThingArgs { Text = Output.Unsecret(password) });

        var source = new Thing("source", new ThingArgs { Text = password });
        _ = new Thing("downstream", new ThingArgs
        {
            Text = source.SecretValue,
            Map = { ["of"] = source.SecretValue.Apply(value => value + "!") },
            List = { source.Value, source.SecretValue },
        });
        return new Dictionary<string, object?> { ["password"] = password, ["length"] = password.Apply(text => text.Length) };
    }
}
