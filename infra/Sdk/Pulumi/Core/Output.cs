using System.Collections.Immutable;
using System.Globalization;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Makes and combines <see cref="Output{T}"/>s.</summary>
public static partial class Output
{
    /// <summary>An output with a value that is already there.</summary>
    public static Output<T> Create<T>(T value) => Output<T>.Create(value, isSecret: false);

    /// <summary>An output that has the task's value once it is there.</summary>
    public static Output<T> Create<T>(Task<T> value) => Output<T>.Create(value);

    /// <summary>A secret: encrypted in the state and hidden in what is displayed.</summary>
    public static Output<T> CreateSecret<T>(T value) => Output<T>.Create(value, isSecret: true);

    /// <inheritdoc cref="CreateSecret{T}(T)"/>
    public static Output<T> CreateSecret<T>(Task<T> value) => Output<T>.Create(value, isSecret: true);

    /// <inheritdoc cref="CreateSecret{T}(T)"/>
    public static Output<T> CreateSecret<T>(Output<T> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.WithSecrecy(Task.FromResult(true));
    }

    /// <summary>The same value, dependencies included, in the open.</summary>
    public static Output<T> Unsecret<T>(Output<T> output) => output.WithSecrecy(Task.FromResult(false));

    /// <summary>Whether the output comes to a secret.</summary>
    public static async Task<bool> IsSecretAsync<T>(Output<T> output) => (await output.DataTask).IsSecret;

    /// <summary>All values in one: known if every one is, secret if any is, depending on the resources of all.</summary>
    public static Output<ImmutableArray<T>> All<T>(params Input<T>[] inputs) => All(inputs.AsEnumerable());

    /// <inheritdoc cref="All{T}(Input{T}[])"/>
    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Input<T>> inputs)
    {
        return new Output<ImmutableArray<T>>(CombineAsync([.. inputs]));

        static async Task<OutputData<ImmutableArray<T>>> CombineAsync(ImmutableArray<Input<T>> inputs)
        {
            var combination = new OutputCombination();
            var values = ImmutableArray.CreateBuilder<T>(inputs.Length);
            foreach (var input in inputs)
                values.Add(await combination.TakeAsync(input));
            return combination.With(values.MoveToImmutableOrEmpty());
        }
    }

    /// <inheritdoc cref="All{T}(Input{T}[])"/>
    public static Output<ImmutableArray<T>> All<T>(params Output<T>[] outputs) => All(outputs.AsEnumerable());

    /// <inheritdoc cref="All{T}(Input{T}[])"/>
    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Output<T>> outputs) => All(outputs.Select(output => (Input<T>)output));

    /// <summary>An interpolated string whose holes may be outputs, formatted in the invariant culture.</summary>
    public static Output<string> Format(FormattableString formattableString)
    {
        var arguments = Array.ConvertAll(formattableString.GetArguments(), argument => (Input<object?>)AsObject(argument));
        return All(arguments).Apply(values => string.Format(CultureInfo.InvariantCulture, formattableString.Format, [.. values]));
    }

    private static Output<object?> AsObject(object? value)
    {
        var output = value is IInput input ? input.ToOutput() : value as IOutput;
        return output is null ? Create(value) : new Output<object?>(output.GetDataAsync());
    }
}
