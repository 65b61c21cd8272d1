using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Every kind of value, empty ones, and where nulls are dropped and kept.</summary>
internal static class Values
{
    public static IDictionary<string, object?> Declare()
    {
        _ = new Thing("primitives", new ThingArgs
        {
            Text = "\"quoted\" \\ \n\t Grüße 🚀",
            Number = -0.125,
            Integer = int.MaxValue,
            Flag = false,
            List = { "one", "", "three" },
            Map = { ["a"] = "1", ["ä b"] = "", [""] = "empty key" },
        });
        _ = new Thing("empty", new ThingArgs
        {
            Text = "",
            Number = 0,
            List = new InputList<string>(),
            Map = new InputMap<string>(),
            Any = ImmutableDictionary<string, object>.Empty,
        });
        _ = new Thing("nulls", new ThingArgs
        {
            Text = null,
            Flag = Output.Create(true),
            Any = Output.Create<object>(new Dictionary<string, object?>
            {
                ["dropped"] = null,
                ["kept"] = ImmutableArray.Create<object?>("first", null, "third"),
            }.ToImmutableDictionary()),
        });
        _ = new Thing("nested", new ThingArgs
        {
            Nested = new NestedArgs { Inner = "outer", Deeper = new NestedArgs { Inner = "inner", Amount = 2 } },
            NestedList = { new NestedArgs { Inner = "first" }, new NestedArgs { Amount = 0 } },
            Union = 7,
        });
        _ = new Thing("union", new ThingArgs { Union = "text", Any = ImmutableArray.Create<object>(1, "two", true, 2.5) });
        _ = new Thing("nothing", new ThingArgs());
        return new Dictionary<string, object?>();
    }
}
