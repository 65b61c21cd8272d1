using System.Collections;
using System.Collections.Immutable;

namespace HaCluster.Stack.Tests.Graph;

/// <summary>A resource as the program declared it.</summary>
internal sealed record RecordedResource(string Type, string Name, ImmutableDictionary<string, object> Inputs)
{
    /// <summary>The value at a path of names and indexes such as <c>spec.hard.pods</c>; null when there is none.</summary>
    public object? At(string path) => path.Split('.').Aggregate((object?)Inputs, (value, step) => value switch
    {
        IDictionary<string, object> map => map.TryGetValue(step, out var found) ? found : null,
        IList list => list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)],
        _ => null,
    });

    public string Text(string path) => Assert.IsType<string>(At(path));

    public IReadOnlyDictionary<string, object> Map(string path) => Assert.IsAssignableFrom<IReadOnlyDictionary<string, object>>(At(path));

    public IReadOnlyList<object> List(string path) => Assert.IsAssignableFrom<IEnumerable>(At(path)).Cast<object>().ToArray();

    /// <summary>Every text anywhere in the inputs, with its path.</summary>
    public IEnumerable<(string Path, string Value)> Texts() => Texts("", Inputs);

    private static IEnumerable<(string Path, string Value)> Texts(string path, object? value) => value switch
    {
        string text => [(path, text)],
        IReadOnlyDictionary<string, object> map => map.SelectMany(pair => Texts($"{path}.{pair.Key}", pair.Value)),
        IEnumerable list => list.Cast<object?>().SelectMany((item, index) => Texts($"{path}.{index}", item)),
        _ => [],
    };
}
