using System.Collections.Immutable;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Modelling;

/// <summary>Settings with some keys, as a program is given them.</summary>
internal static class Settings
{
    public static StackSettings Of(params ReadOnlySpan<(string Key, string Value)> config)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in config)
            values[key] = value;
        return new StackSettings { Stack = "test", StackFilePath = "Pulumi.test.yaml", Config = values.ToImmutable(), SecretKeys = [] };
    }
}
