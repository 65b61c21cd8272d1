using Pulumi.Serialization;

namespace Pulumi;

/// <summary>
/// A value that may come later, that may be unknown until the deployment runs, that may be secret, and that knows the resources it
/// depends on.
/// </summary>
public sealed class Output<T> : IOutput
{
    internal Output(Task<OutputData<T>> dataTask)
        : this(dataTask, isObservedElsewhere: false)
    {
    }

    /// <param name="dataTask">What the output comes to.</param>
    /// <param name="isObservedElsewhere">
    /// True if a task of which the program waits for anyway ends after this one and with the same exception.
    /// </param>
    internal Output(Task<OutputData<T>> dataTask, bool isObservedElsewhere)
    {
        DataTask = dataTask;

        // The program must not end before its outputs do, and must end with their exceptions.
        if (!isObservedElsewhere && !dataTask.IsCompletedSuccessfully && Deployment.TryGetCurrent(out var deployment))
            deployment.Runner.RegisterTask(dataTask);
    }

    internal Task<OutputData<T>> DataTask { get; }

    /// <summary>An output that has the task's value once it is there.</summary>
    public static Output<T> Create(Task<T> value)
        => Create(value, isSecret: false);

    internal static Output<T> Create(T value, bool isSecret)
        => new(Task.FromResult(OutputData<T>.Known(value) with { IsSecret = isSecret }));

    internal static Output<T> Create(Task<T> value, bool isSecret)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.IsCompletedSuccessfully ? Create(value.Result, isSecret) : new Output<T>(AwaitAsync(value, isSecret));

        static async Task<OutputData<T>> AwaitAsync(Task<T> value, bool isSecret)
            => OutputData<T>.Known(await value) with { IsSecret = isSecret };
    }

    internal static Output<T> CreateUnknown(T value)
        => new(Task.FromResult(OutputData<T>.Known(value) with { IsKnown = false }));

    internal Output<T> WithSecrecy(Task<bool> isSecret)
    {
        return new Output<T>(ChangeAsync(DataTask, isSecret));

        static async Task<OutputData<T>> ChangeAsync(Task<OutputData<T>> dataTask, Task<bool> isSecret)
            => await dataTask with { IsSecret = await isSecret };
    }

    internal Output<T> WithDependency(Resource resource)
    {
        return new Output<T>(ChangeAsync(DataTask, resource));

        static async Task<OutputData<T>> ChangeAsync(Task<OutputData<T>> dataTask, Resource resource)
        {
            var data = await dataTask;
            return data with { Resources = data.Resources.Add(resource) };
        }
    }

    internal async Task<T> GetValueAsync(T whenUnknown)
    {
        var data = await DataTask;
        return data.IsKnown ? data.Value : whenUnknown;
    }

    async Task<OutputData<object?>> IOutput.GetDataAsync() => (await DataTask).Untyped;

    Output<TResult> IOutput.UntypedApply<TResult>(Func<object?, Output<TResult>> func) => Apply(value => func(value));

    /// <summary><see cref="Apply{TResult}(Func{T, Output{TResult}})"/> for a function that yields nothing.</summary>
    public Output<ValueTuple> Apply(Func<T, Task> func)
    {
        return Apply(value => Output.Create(RunAsync(func, value)));

        static async Task<ValueTuple> RunAsync(Func<T, Task> func, T value)
        {
            await func(value);
            return default;
        }
    }

    /// <inheritdoc cref="Apply{TResult}(Func{T, Output{TResult}})"/>
    public Output<TResult> Apply<TResult>(Func<T, TResult> func)
        => Apply(value => Output.Create(func(value)));

    /// <inheritdoc cref="Apply{TResult}(Func{T, Output{TResult}})"/>
    public Output<TResult> Apply<TResult>(Func<T, Task<TResult>> func)
        => Apply(value => Output.Create(func(value)));

    /// <inheritdoc cref="Apply{TResult}(Func{T, Output{TResult}})"/>
    public Output<TResult> Apply<TResult>(Func<T, Input<TResult>?> func)
        => Apply(value => func(value).ToOutput());

    /// <summary>
    /// An output made from this one's value. The function runs only if the value is known, so not in a preview of something that is still
    /// to be created. The result is secret if either this output or what the function returns is, and depends on the resources of both.
    /// </summary>
    public Output<TResult> Apply<TResult>(Func<T, Output<TResult>?> func)
    {
        return new Output<TResult>(ApplyAsync(DataTask, func));

        static async Task<OutputData<TResult>> ApplyAsync(Task<OutputData<T>> dataTask, Func<T, Output<TResult>?> func)
        {
            var data = await dataTask;
            if (!data.IsKnown)
                return new OutputData<TResult>(data.Resources, default!, IsKnown: false, data.IsSecret);

            var inner = func(data.Value);
            if (inner is null)
                return new OutputData<TResult>(data.Resources, default!, IsKnown: true, data.IsSecret);

            var innerData = await inner.DataTask;
            return innerData with
            {
                Resources = data.Resources.Union(innerData.Resources),
                IsSecret = data.IsSecret || innerData.IsSecret,
            };
        }
    }

    /// <summary>Not supported, as the value may not be there yet: warns and returns advice.</summary>
    /// <exception cref="InvalidOperationException">PULUMI_ERROR_OUTPUT_STRING is 1 or true.</exception>
    public override string ToString()
    {
        const string advice = """
            Calling [ToString] on an [Output<T>] is not supported.

            To get the value of an Output<T> as an Output<string> consider:
            1. o.Apply(v => $"prefix{v}suffix")
            2. Output.Format($"prefix{hostname}suffix");

            See https://www.pulumi.com/docs/concepts/inputs-outputs for more details.
            """;

        var setting = Environment.GetEnvironmentVariable("PULUMI_ERROR_OUTPUT_STRING");
        if (setting == "1" || string.Equals(setting, "true", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(advice);

        Log.Warn(advice);
        return advice + Environment.NewLine + "This function may throw in a future version of Pulumi.";
    }
}

/// <summary>An <see cref="Output{T}"/> of a type that does not matter.</summary>
internal interface IOutput
{
    Task<OutputData<object?>> GetDataAsync();

    Output<TResult> UntypedApply<TResult>(Func<object?, Output<TResult>> func);
}
