namespace HaCluster.Sdk.Generator.Schema;

/// <summary>A resource: what it takes, what it gives and what a lookup may state.</summary>
internal sealed class ResourceSchema(string token, IReadOnlyList<PropertySchema> inputs, IReadOnlyList<PropertySchema> outputs)
{
    public string Token { get; } = token;

    public IReadOnlyList<PropertySchema> Inputs { get; } = inputs;

    public IReadOnlyList<PropertySchema> Outputs { get; } = outputs;

    /// <summary>What qualifies a <c>Get</c>; null if the resource has no such thing.</summary>
    public IReadOnlyList<PropertySchema>? State { get; set; }

    /// <summary>Types the resource had before.</summary>
    public IReadOnlyList<string> AliasTypes { get; set; } = [];

    public bool IsProvider { get; set; }
}

/// <summary>A function of the provider.</summary>
internal sealed class FunctionSchema(string token, IReadOnlyList<PropertySchema> inputs, IReadOnlyList<PropertySchema> outputs)
{
    public string Token { get; } = token;

    public IReadOnlyList<PropertySchema> Inputs { get; } = inputs;

    public IReadOnlyList<PropertySchema> Outputs { get; } = outputs;
}

/// <summary>A nested type: its token and properties in stable order.</summary>
internal sealed class ObjectSchema(string token, IReadOnlyList<PropertySchema> properties)
{
    public string Token { get; } = token;

    public IReadOnlyList<PropertySchema> Properties { get; } = properties;
}

/// <summary>An enumeration of strings: C# name and value of each member.</summary>
internal sealed class EnumSchema(string token, IReadOnlyList<KeyValuePair<string, string>> members)
{
    public string Token { get; } = token;

    public IReadOnlyList<KeyValuePair<string, string>> Members { get; } = members;
}
