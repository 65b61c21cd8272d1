using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Arguments of a resource.</summary>
public abstract class ResourceArgs : InputArgs
{
    public static readonly ResourceArgs Empty = new EmptyResourceArgs();

    private sealed class EmptyResourceArgs : ResourceArgs;
}

/// <summary>Arguments that are known only at run time.</summary>
public sealed class DictionaryResourceArgs : ResourceArgs
{
    private readonly ImmutableDictionary<string, object?> _dictionary;

    /// <exception cref="InvalidOperationException">A value is of a type that cannot be sent.</exception>
    public DictionaryResourceArgs(ImmutableDictionary<string, object?> dictionary)
    {
        TargetType.CheckValues(nameof(dictionary), dictionary.Values);
        _dictionary = dictionary;
    }

    internal override IReadOnlyDictionary<string, object?> ToDictionary() => _dictionary;
}
