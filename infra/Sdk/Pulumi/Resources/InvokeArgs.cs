using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Arguments of a function of a provider.</summary>
public abstract class InvokeArgs : InputArgs
{
    public static readonly InvokeArgs Empty = new EmptyInvokeArgs();

    private sealed class EmptyInvokeArgs : InvokeArgs;
}

/// <summary>Arguments of a function that are known only at run time.</summary>
public sealed class DictionaryInvokeArgs : InvokeArgs
{
    private readonly ImmutableDictionary<string, object?> _dictionary;

    /// <exception cref="InvalidOperationException">A value is of a type that cannot be sent.</exception>
    public DictionaryInvokeArgs(ImmutableDictionary<string, object?> dictionary)
    {
        TargetType.CheckValues(nameof(dictionary), dictionary.Values);
        _dictionary = dictionary;
    }

    internal override IReadOnlyDictionary<string, object?> ToDictionary() => _dictionary;
}
