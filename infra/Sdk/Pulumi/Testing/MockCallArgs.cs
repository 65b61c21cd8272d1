using System.Collections.Immutable;

namespace Pulumi.Testing;

/// <summary>A function that is called.</summary>
public class MockCallArgs
{
    public string? Token { get; set; }

    /// <summary>The arguments that are known and not null.</summary>
    public ImmutableDictionary<string, object> Args { get; set; } = null!;

    /// <summary><c>urn::id</c>, or empty for the default provider.</summary>
    public string? Provider { get; set; }
}
