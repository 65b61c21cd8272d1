namespace HaCluster.Sdk.Generator.Schema;

/// <summary>A nested type: its token and properties in stable order.</summary>
internal sealed class ObjectSchema(string token, IReadOnlyList<PropertySchema> properties)
{
    public string Token { get; } = token;

    public IReadOnlyList<PropertySchema> Properties { get; } = properties;
}
