namespace Pulumi;

/// <summary>The tasks that a program has begun, and what went wrong in them.</summary>
internal sealed class InFlightTasks
{
    private readonly Lock _gate = new();
    private readonly Action<Task> _onCompleted;
    private readonly List<Exception> _exceptions = [];
    private TaskCompletionSource<IReadOnlyCollection<Exception>>? _waiter;
    private int _count;

    public InFlightTasks() => _onCompleted = OnCompleted;

    public void Add(Task task)
    {
        if (task.IsCompletedSuccessfully)
            return;

        lock (_gate)
            _count++;
        task.ContinueWith(_onCompleted, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Ends when nothing is under way, or with the exceptions so far as soon as there is one.</summary>
    public Task<IReadOnlyCollection<Exception>> WaitForIdleOrFirstExceptionAsync()
    {
        lock (_gate)
        {
            if (_exceptions.Count > 0 || _count == 0)
                return Task.FromResult<IReadOnlyCollection<Exception>>(TakeExceptions());
            _waiter ??= new TaskCompletionSource<IReadOnlyCollection<Exception>>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    private void OnCompleted(Task task)
    {
        lock (_gate)
        {
            _count--;
            if (task.Exception is { } exception)
                _exceptions.AddRange(exception.InnerExceptions);
            else if (task.IsCanceled)
                _exceptions.Add(CancellationOf(task));
            if (_waiter is not null && (_exceptions.Count > 0 || _count == 0))
            {
                _waiter.SetResult(TakeExceptions());
                _waiter = null;
            }
        }
    }

    // A cancelled task has no exception, and yet did not do what the program wanted: a time-out of the program's own HTTP client ends like this.
    private static OperationCanceledException CancellationOf(Task task)
    {
        try
        {
            task.GetAwaiter().GetResult();
            return new TaskCanceledException(task);
        }
        catch (OperationCanceledException cancellation)
        {
            return cancellation;
        }
    }

    // Several tasks may end with the same exception, one having waited for the other.
    private Exception[] TakeExceptions()
    {
        Exception[] exceptions = [.. _exceptions.Distinct()];
        _exceptions.Clear();
        return exceptions;
    }
}
