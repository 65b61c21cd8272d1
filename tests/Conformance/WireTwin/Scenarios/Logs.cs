using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Messages to whoever watches, with and without a resource.</summary>
internal static class Logs
{
    public static IDictionary<string, object?> Declare()
    {
        var thing = new Thing("thing", new ThingArgs());
        Log.Info("an information");
        Log.Warn("a warning about a resource", thing);
        Log.Info("a fleeting line", thing, streamId: 7, ephemeral: true);
        return new Dictionary<string, object?>();
    }
}
