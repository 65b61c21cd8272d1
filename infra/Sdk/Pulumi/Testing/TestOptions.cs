namespace Pulumi.Testing;

/// <summary>What a test run is like.</summary>
public class TestOptions
{
    /// <summary><c>project</c> if not set.</summary>
    public string? ProjectName { get; set; }

    public string? RootDirectory { get; set; }

    /// <summary><c>stack</c> if not set.</summary>
    public string? StackName { get; set; }

    /// <summary>Whether outputs that the mocks do not give are unknown; true if not set.</summary>
    public bool? IsPreview { get; set; }

    /// <summary><c>organization</c> if not set.</summary>
    public string? OrganizationName { get; set; }
}

/// <summary>The stack of a test that only has a function.</summary>
internal sealed class TestStack : Stack
{
    // The resources of a stack are created in its constructor, so it waits.
    public TestStack(Func<Task<IDictionary<string, object?>>> createResources)
        => TestOutputs = createResources().GetAwaiter().GetResult();

    public IDictionary<string, object?> TestOutputs { get; }
}
