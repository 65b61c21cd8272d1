using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A map from strings to inputs, or an output of a map. Can be written as a collection initializer.</summary>
public sealed class InputMap<TValue>
    : Input<ImmutableDictionary<string, TValue>>, IEnumerable, IAsyncEnumerable<Input<KeyValuePair<string, TValue>>>, INestedInput
{
    private Output<ImmutableDictionary<string, Input<TValue>>> _elements;

    public InputMap() : this(Pulumi.Output.Create(ImmutableDictionary<string, Input<TValue>>.Empty))
    {
    }

    private InputMap(Output<ImmutableDictionary<string, Input<TValue>>> elements) : base(output: null)
        => _elements = elements;

    IOutput INestedInput.Elements => _elements;

    private protected override Output<ImmutableDictionary<string, TValue>> CreateOutput()
        => _elements.Apply(elements => elements is null
            ? Pulumi.Output.Create(default(ImmutableDictionary<string, TValue>)!)
            : Pulumi.Output.All(elements.Select(element => (Input<KeyValuePair<string, TValue>>)element.Value.Apply(
                value => KeyValuePair.Create(element.Key, value)))).Apply(pairs => ImmutableDictionary.CreateRange(pairs)));

    /// <summary>
    /// Adds an entry. Adding the same key again is an error unless the values are equal, which shows when the map is used.
    /// </summary>
    public void Add(string key, Input<TValue> value)
    {
        _elements = _elements.Apply(elements => elements.SetItem(
            key, elements.TryGetValue(key, out var existing) ? RequireEqual(key, existing, value) : value));
        Invalidate();
    }

    private static Output<TValue> RequireEqual(string key, Input<TValue> existing, Input<TValue> added)
        => Pulumi.Output.Tuple(existing, added).Apply(both => EqualityComparer<TValue>.Default.Equals(both.Item1, both.Item2)
            ? both.Item1
            : throw new ArgumentException($"Key '{key}' already exists in the map with a different value."));

    /// <summary>Adds the entries of another map.</summary>
    public void Add(InputMap<TValue> values) => AddRange(values);

    /// <summary>Adds the entries of another map.</summary>
    public void AddRange(InputMap<TValue> values)
    {
        _elements = Pulumi.Output.Tuple(_elements, values._elements).Apply(both => both.Item1.AddRange(both.Item2));
        Invalidate();
    }

    /// <summary>The same as <see cref="Add(string, Input{TValue})"/>.</summary>
    public Input<TValue> this[string key]
    {
        set => Add(key, value);
    }

    /// <summary>A new map of the entries of both; where both have a key, the second one's value.</summary>
    public static InputMap<TValue> Merge(InputMap<TValue> first, InputMap<TValue> second)
        => new(Pulumi.Output.Tuple(first._elements, second._elements).Apply(both => both.Item1.SetItems(both.Item2)));

    public static implicit operator InputMap<TValue>(Dictionary<string, TValue> values) => Pulumi.Output.Create(values);

    public static implicit operator InputMap<TValue>(ImmutableDictionary<string, TValue> values) => Pulumi.Output.Create(values);

    public static implicit operator InputMap<TValue>(Output<Dictionary<string, TValue>> values)
        => new(values.Apply(pairs => ToInputs(pairs)));

    public static implicit operator InputMap<TValue>(Output<IDictionary<string, TValue>> values)
        => new(values.Apply(pairs => ToInputs(pairs)));

    public static implicit operator InputMap<TValue>(Output<ImmutableDictionary<string, TValue>> values)
        // Officially a null dictionary in an output flows through as null.
        => new(values.Apply(pairs => pairs is null ? null! : ToInputs(pairs)));

    private static ImmutableDictionary<string, Input<TValue>> ToInputs(IEnumerable<KeyValuePair<string, TValue>> pairs)
        => pairs.ToImmutableDictionary(pair => pair.Key, pair => (Input<TValue>)pair.Value);

    IEnumerator IEnumerable.GetEnumerator()
        => throw new NotSupportedException(
            $"A {GetType().FullName} cannot be synchronously enumerated. Use {nameof(GetAsyncEnumerator)} instead.");

    /// <summary>The entries, or nothing if they are unknown.</summary>
    public async IAsyncEnumerator<Input<KeyValuePair<string, TValue>>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        foreach (var value in await Output.GetValueAsync(whenUnknown: ImmutableDictionary<string, TValue>.Empty))
            yield return value;
    }
}
