namespace Pulumi;

/// <summary>A value or an output, where a resource takes either.</summary>
public class Input<T> : IInput
{
    private Output<T>? _output;

    private protected Input(Output<T>? output)
        => _output = output;

    /// <summary>Makes the output when it is asked for the first time, if it was not given.</summary>
    private protected virtual Output<T> CreateOutput()
        => throw new InvalidOperationException($"{GetType()} was made without an output.");

    /// <summary>Clears the cached output after a change.</summary>
    private protected void Invalidate() => _output = null;

    internal Output<T> Output => _output ??= CreateOutput();

    public static implicit operator Input<T>(T value)
        => Pulumi.Output.Create(value);

    public static implicit operator Input<T>(Output<T> value)
        => new(value ?? throw new ArgumentNullException(nameof(value)));

    public static implicit operator Output<T>(Input<T> input)
        => input.Output;

    IOutput IInput.ToOutput() => Output;
}
