using System.Text.Json;
using HaCluster.Engine.Values;
using HaCluster.Planning.Plans.Documents;

namespace HaCluster.Planning.Tests.Policies;

/// <summary>Inputs of a resource as a line of JSON.</summary>
internal static class Json
{
    public static PropertyValue Of(string json) => ValueJsonReader.Read(JsonSerializer.Deserialize<JsonElement>(json));
}
