using System.Text.Json;
using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>Settings: typed, structured, secret, of another namespace, and missing ones.</summary>
internal static class Configuration
{
    public static IDictionary<string, object?> Declare()
    {
        var config = new Config();
        var other = new Config("other");
        _ = new Thing("settings", new ThingArgs
        {
            Text = config.Require("text"),
            Integer = config.RequireInt32("integer"),
            Flag = config.GetBoolean("flag")!.Value,
            Number = other.RequireDouble("number"),
            Map = { ["absent"] = config.Get("absent") ?? "default", ["secret"] = config.RequireSecret("password") },
            List = config.RequireObject<JsonElement>("list").EnumerateArray().Select(item => item.GetString()!).ToList(),
            Any = config.RequireSecretObject<JsonElement>("shape").Apply(shape => (object)shape.GetProperty("side").GetInt32()),
        });
        return new Dictionary<string, object?> { ["secretNumber"] = config.RequireSecretInt32("pin") };
    }

    public static IDictionary<string, object?> Missing() =>
        new Dictionary<string, object?> { ["missing"] = new Config().Require("not-there") };
}
