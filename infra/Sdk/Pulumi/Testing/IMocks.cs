namespace Pulumi.Testing;

/// <summary>What stands for the engine and its providers in a test.</summary>
public interface IMocks
{
    /// <summary>What a resource comes to: its id, and its state as a dictionary or arguments.</summary>
    Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args);

    /// <summary>What a function comes to: its result as a dictionary or arguments.</summary>
    Task<object> CallAsync(MockCallArgs args);

    /// <summary>Gets the outputs of components and of the stack.</summary>
    Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args) => Task.CompletedTask;
}

/// <summary>Mocks that hand back what they are given.</summary>
public class EmptyMocks : IMocks
{
    public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        => Task.FromResult<(string?, object)>((null, args.Inputs));

    public Task<object> CallAsync(MockCallArgs args) => Task.FromResult<object>(args.Args);
}
