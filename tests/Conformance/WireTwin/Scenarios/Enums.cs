using System.Collections.Immutable;
using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Values of enum types travel as what they wrap.</summary>
internal static class Enums
{
    public static IDictionary<string, object?> Declare()
    {
        _ = new Thing("plain", new ThingArgs { Level = Level.High, Weight = Weight.Half });
        _ = new Thing("computed", new ThingArgs { Level = Output.Create(Level.High), Weight = Output.CreateSecret(Weight.Half) });
        _ = new Thing("listed", new ThingArgs { Any = ImmutableArray.Create<object>(Level.High, Weight.Half) });
        return new Dictionary<string, object?>();
    }
}
