using Pulumi.Serialization;

namespace Pulumi;

/// <summary>An output that can be used before it is known which output it will be, for resources that need each other's values.</summary>
public sealed class DeferredOutput<T>
{
    private readonly TaskCompletionSource<OutputData<T>> _source = new();
    private int _isResolved;

    public DeferredOutput() => Output = new Output<T>(_source.Task);

    public Output<T> Output { get; }

    /// <summary>Says which output it is.</summary>
    /// <exception cref="InvalidOperationException">It was said before.</exception>
    public void Resolve(Output<T> output)
    {
        if (Interlocked.Exchange(ref _isResolved, 1) == 1)
            throw new InvalidOperationException("DeferredOutput can only be resolved once.");

        output.DataTask.ContinueWith(
            task => _source.SetFromTask(task), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
