using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HaCluster.Planning.Stacks;

/// <summary>Refuses documents with too deep nesting: building a tree of them overflows the stack, which ends the process.</summary>
internal sealed class ShallowParser(IParser inner) : IParser
{
    private const int Deepest = 500;
    private int _depth;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        var moved = inner.MoveNext();
        _depth += inner.Current?.NestingIncrease ?? 0;
        return _depth <= Deepest
            ? moved
            : throw new YamlException(inner.Current!.Start, inner.Current.End, $"nested more than {Deepest} levels deep");
    }
}
