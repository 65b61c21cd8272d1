namespace HaCluster.Sdk.Generator.Schema;

/// <summary>A function of the provider.</summary>
internal sealed class FunctionSchema(string token, IReadOnlyList<PropertySchema> inputs, IReadOnlyList<PropertySchema> outputs)
{
    public string Token { get; } = token;

    public IReadOnlyList<PropertySchema> Inputs { get; } = inputs;

    public IReadOnlyList<PropertySchema> Outputs { get; } = outputs;
}
