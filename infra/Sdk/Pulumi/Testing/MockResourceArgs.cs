using System.Collections.Immutable;

namespace Pulumi.Testing;

/// <summary>A resource that is registered or read.</summary>
public class MockResourceArgs
{
    public string? Type { get; set; }

    public string? Name { get; set; }

    /// <summary>The arguments that are known and not null.</summary>
    public ImmutableDictionary<string, object> Inputs { get; set; } = null!;

    /// <summary><c>urn::id</c>, or empty for the default provider.</summary>
    public string? Provider { get; set; }

    /// <summary>The id to import or read.</summary>
    public string? Id { get; set; }
}

/// <summary>A function that is called.</summary>
public class MockCallArgs
{
    public string? Token { get; set; }

    /// <summary>The arguments that are known and not null.</summary>
    public ImmutableDictionary<string, object> Args { get; set; } = null!;

    /// <summary><c>urn::id</c>, or empty for the default provider.</summary>
    public string? Provider { get; set; }
}

/// <summary>The outputs of a component or the stack.</summary>
public class MockRegisterResourceOutputsRequest(string urn, ImmutableDictionary<string, Output<object?>> outputs)
{
    public readonly string Urn = urn;

    public readonly ImmutableDictionary<string, Output<object?>> Outputs = outputs;
}
