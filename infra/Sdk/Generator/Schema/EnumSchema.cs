namespace HaCluster.Sdk.Generator.Schema;

/// <summary>An enumeration of strings: C# name and value of each member.</summary>
internal sealed class EnumSchema(string token, IReadOnlyList<KeyValuePair<string, string>> members)
{
    public string Token { get; } = token;

    public IReadOnlyList<KeyValuePair<string, string>> Members { get; } = members;
}
