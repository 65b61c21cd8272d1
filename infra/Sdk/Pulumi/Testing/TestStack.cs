namespace Pulumi.Testing;

/// <summary>The stack of a test that only has a function.</summary>
internal sealed class TestStack : Stack
{
    // A stack's resources are made in its constructor, hence it waits.
    public TestStack(Func<Task<IDictionary<string, object?>>> createResources)
        => TestOutputs = createResources().GetAwaiter().GetResult();

    public IDictionary<string, object?> TestOutputs { get; }
}
