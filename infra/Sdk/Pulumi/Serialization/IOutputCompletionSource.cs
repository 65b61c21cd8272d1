using System.Collections.Immutable;

namespace Pulumi.Serialization;

/// <summary>An output property of a resource, waiting for its value from the engine.</summary>
internal interface IOutputCompletionSource
{
    Type TargetType { get; }

    IOutput Output { get; }

    void SetString(string value, bool isKnown);

    void SetValue(OutputData<object?> data);

    void TrySetDefault(bool isKnown);

    void TrySetException(Exception exception);
}

/// <inheritdoc/>
internal sealed class OutputCompletionSource<T> : IOutputCompletionSource
{
    private readonly ImmutableHashSet<Resource> _resources;
    private readonly TaskCompletionSource<OutputData<T>> _source = new();
    private readonly Output<T> _output;

    public OutputCompletionSource(ImmutableHashSet<Resource> resources)
    {
        _resources = resources;
        // The registration of the resource, which the program waits for, sets every one of its outputs.
        _output = new Output<T>(_source.Task, isObservedElsewhere: true);
    }

    public Type TargetType => typeof(T);

    public IOutput Output => _output;

    public void SetString(string value, bool isKnown)
        => _source.SetResult(new OutputData<T>(_resources, (T)(object)value, isKnown, IsSecret: false));

    public void SetValue(OutputData<object?> data)
        => _source.SetResult(new OutputData<T>(
            _resources.Union(data.Resources), data.Value is null ? default! : (T)data.Value, data.IsKnown, data.IsSecret));

    public void TrySetDefault(bool isKnown)
        => _source.TrySetResult(new OutputData<T>(_resources, default!, isKnown, IsSecret: false));

    public void TrySetException(Exception exception)
    {
        // Whether or not somebody uses this output, the exception is reported with the registration.
        if (_source.TrySetException(exception))
            _ = _source.Task.Exception;
    }
}
