using System.Runtime.CompilerServices;
using System.Text.Json;
using YamlDotNet.Serialization;

namespace HaCluster.Stack.Tests.Wire;

/// <summary>Reads the configuration of a stack file as Pulumi hands it to a program.</summary>
internal static class StackFile
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    public static Dictionary<string, string> Config(string stack)
    {
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<Dictionary<string, Dictionary<string, object>>>(File.ReadAllText(Path.Combine(Root, $"Pulumi.{stack}.yaml")));
        return yaml["config"].ToDictionary(pair => pair.Key, pair => pair.Value as string ?? JsonSerializer.Serialize(pair.Value));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
