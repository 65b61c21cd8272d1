namespace Pulumi;

/// <summary>An output of another stack. Neither property is set if there is no such output.</summary>
public sealed class StackReferenceOutputDetails
{
    /// <summary>The value if it is not a secret.</summary>
    public object? Value { get; set; }

    /// <summary>The value if it is a secret.</summary>
    public object? SecretValue { get; set; }
}
