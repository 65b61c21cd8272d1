using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>What JSON converters find out about the outputs within a value.</summary>
internal sealed class NestedOutputs(ImmutableHashSet<Resource> resources, bool isSecret)
{
    // Converters have no state of their own to pass this in; serializing to a string stays on its thread.
    [ThreadStatic]
    private static NestedOutputs? current;

    /// <summary>The state of the serialization that is under way on this thread.</summary>
    public static NestedOutputs Current => current
        ?? throw new InvalidOperationException("Outputs can be serialized only by Output.JsonSerialize and Output.JsonDeserialize.");

    public ImmutableHashSet<Resource> Resources { get; private set; } = resources;

    public bool IsKnown { get; private set; } = true;

    public bool IsSecret { get; private set; } = isSecret;

    /// <summary>Outputs that have no value yet.</summary>
    public List<Task> Unfinished { get; } = [];

    public static NestedOutputs While<T>(NestedOutputs outputs, Func<T> serialize, out T result)
    {
        var outer = current;
        current = outputs;
        try
        {
            result = serialize();
            return outputs;
        }
        finally
        {
            current = outer;
        }
    }

    /// <returns>Whether there is a value to be written.</returns>
    public bool TryTake<T>(Output<T> output, out T value)
    {
        value = default!;
        if (!output.DataTask.IsCompletedSuccessfully)
        {
            Unfinished.Add(output.DataTask);
            return false;
        }

        var data = output.DataTask.Result;
        Resources = Resources.Union(data.Resources);
        IsKnown &= data.IsKnown;
        IsSecret |= data.IsSecret;
        value = data.Value;
        return data.IsKnown;
    }

    /// <summary>A value that was read, as secret as what it was read from.</summary>
    public Output<T> Give<T>(T value) => new(Task.FromResult(new OutputData<T>(Resources, value, IsKnown: true, IsSecret)));
}
