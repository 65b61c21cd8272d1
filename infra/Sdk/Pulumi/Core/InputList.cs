using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A list of inputs, or an output of a list. Can be written as a collection initializer.</summary>
public sealed class InputList<T> : Input<ImmutableArray<T>>, IEnumerable, IAsyncEnumerable<Input<T>>, INestedInput
{
    private Output<ImmutableArray<Input<T>>> _elements;

    public InputList() : this(ImmutableArray<Input<T>>.Empty)
    {
    }

    private InputList(ImmutableArray<Input<T>> elements) : this(Pulumi.Output.Create(elements))
    {
    }

    private InputList(Output<ImmutableArray<Input<T>>> elements) : base(output: null)
        => _elements = elements;

    IOutput INestedInput.Elements => _elements;

    /// <summary>Whether it is known without awaiting that there are no elements.</summary>
    internal bool IsKnownEmpty
        => _elements.DataTask is { IsCompletedSuccessfully: true, Result: { IsKnown: true, Value.IsDefaultOrEmpty: true } };

    private protected override Output<ImmutableArray<T>> CreateOutput()
        => _elements.Apply(elements => elements.IsDefault
            ? Pulumi.Output.Create(default(ImmutableArray<T>))
            : Pulumi.Output.All(elements));

    public void Add(params Input<T>[] inputs) => AddRange(inputs);

    /// <summary>Adds the elements of another list.</summary>
    public void Add(InputList<T> inputs) => AddRange(inputs);

    /// <summary>Adds the elements of another list.</summary>
    public void AddRange(InputList<T> inputs)
    {
        _elements = Concat(_elements, inputs._elements);
        Invalidate();
    }

    /// <summary>A new list of the elements of both.</summary>
    public InputList<T> Concat(InputList<T> other) => new(Concat(_elements, other._elements));

    internal InputList<T> Clone() => new(_elements);

    private static Output<ImmutableArray<Input<T>>> Concat(
        Output<ImmutableArray<Input<T>>> first, Output<ImmutableArray<Input<T>>> second)
        => Pulumi.Output.Tuple(first, second).Apply(both => both.Item1.AddRange(both.Item2));

    public static implicit operator InputList<T>(T value) => new([(Input<T>)value]);

    public static implicit operator InputList<T>(Output<T> value) => new([(Input<T>)value]);

    public static implicit operator InputList<T>(Input<T> value) => new([value]);

    public static implicit operator InputList<T>(T[] values) => new([.. values.Select(value => (Input<T>)value)]);

    public static implicit operator InputList<T>(Output<T>[] values) => new([.. values.Select(value => (Input<T>)value)]);

    public static implicit operator InputList<T>(Input<T>[] values) => new([.. values]);

    public static implicit operator InputList<T>(List<T> values) => new([.. values.Select(value => (Input<T>)value)]);

    public static implicit operator InputList<T>(List<Output<T>> values) => new([.. values.Select(value => (Input<T>)value)]);

    public static implicit operator InputList<T>(List<Input<T>> values) => new([.. values]);

    public static implicit operator InputList<T>(ImmutableArray<T> values) => new(ToInputs(values));

    public static implicit operator InputList<T>(ImmutableArray<Output<T>> values)
        => new(values.IsDefault ? default : ImmutableArray.CreateRange(values, value => (Input<T>)value));

    public static implicit operator InputList<T>(ImmutableArray<Input<T>> values) => new(values);

    public static implicit operator InputList<T>(Output<T[]> values)
        => new(values.Apply(items => ImmutableArray.CreateRange(items.Select(item => (Input<T>)item))));

    public static implicit operator InputList<T>(Output<List<T>> values)
        => new(values.Apply(items => ImmutableArray.CreateRange(items.Select(item => (Input<T>)item))));

    public static implicit operator InputList<T>(Output<IEnumerable<T>> values)
        => new(values.Apply(items => ImmutableArray.CreateRange(items.Select(item => (Input<T>)item))));

    public static implicit operator InputList<T>(Output<ImmutableArray<T>> values) => new(values.Apply(ToInputs));

    // A default array stays one: "no list" is not "a list of nothing" to generated code.
    private static ImmutableArray<Input<T>> ToInputs(ImmutableArray<T> values)
        => values.IsDefault ? default : ImmutableArray.CreateRange(values, value => (Input<T>)value);

    IEnumerator IEnumerable.GetEnumerator()
        => throw new NotSupportedException(
            $"A {GetType().FullName} cannot be synchronously enumerated. Use {nameof(GetAsyncEnumerator)} instead.");

    /// <summary>The elements, or nothing if they are unknown.</summary>
    public async IAsyncEnumerator<Input<T>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        foreach (var value in await Output.GetValueAsync(whenUnknown: []))
            yield return value;
    }
}
