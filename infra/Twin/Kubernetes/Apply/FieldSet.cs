using System.Text.Json.Nodes;

namespace HaCluster.Twin.Kubernetes.Apply;

/// <summary>
/// A set of fields of an object, as managedFields store it: a tree of path elements, <c>f:NAME</c> for a property, <c>k:{...}</c> for an item known by keys,
/// <c>v:VALUE</c> for an item of a set. Immutable. https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
/// </summary>
internal sealed class FieldSet
{
    public static FieldSet Empty { get; } = new(false, []);

    /// <summary>The set of the one field at which it stands.</summary>
    public static FieldSet Self { get; } = new(true, []);

    public FieldSet(bool isMember, IEnumerable<KeyValuePair<string, FieldSet>> children)
    {
        IsMember = isMember;
        Children = new SortedDictionary<string, FieldSet>(children.Where(child => !child.Value.IsEmpty).ToDictionary(), StringComparer.Ordinal);
    }

    /// <summary>Whether the field at the root of this tree is in the set itself.</summary>
    public bool IsMember { get; }

    public IReadOnlyDictionary<string, FieldSet> Children { get; }

    public bool IsEmpty => !IsMember && Children.Count == 0;

    public FieldSet this[string element] => Children.GetValueOrDefault(element, Empty);

    public static FieldSet Parse(JsonNode? fields) => fields is JsonObject map ? Parse(map, isRoot: true) : Empty;

    public FieldSet Union(FieldSet other) =>
        new(IsMember || other.IsMember, Children.Keys.Union(other.Children.Keys).Select(key => KeyValuePair.Create(key, this[key].Union(other[key]))));

    public FieldSet Intersect(FieldSet other) =>
        new(IsMember && other.IsMember, Children.Keys.Where(other.Children.ContainsKey).Select(key => KeyValuePair.Create(key, this[key].Intersect(other[key]))));

    public FieldSet Minus(FieldSet other) =>
        new(IsMember && !other.IsMember, Children.Select(child => KeyValuePair.Create(child.Key, child.Value.Minus(other[child.Key]))));

    /// <summary>Without these subtrees, whatever they hold.</summary>
    public FieldSet Without(IReadOnlyDictionary<string, string[]> subtrees) => new(IsMember, Children.Where(child => !(subtrees.TryGetValue(child.Key, out var below) && below.Length == 0))
        .Select(child => subtrees.TryGetValue(child.Key, out var below)
            ? KeyValuePair.Create(child.Key, child.Value.Without(below.ToDictionary(name => name, _ => Array.Empty<string>())))
            : child));

    public bool SameAs(FieldSet other) =>
        IsMember == other.IsMember && Children.Count == other.Children.Count && Children.All(child => child.Value.SameAs(other[child.Key]));

    /// <summary>The paths as messages write them: <c>.spec.containers[name="web"].image</c>.</summary>
    public IEnumerable<string> Paths() => Paths("");

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && Children.Count > 0)
            json["."] = new JsonObject();
        foreach (var (key, child) in Children)
            json[key] = child.ToJson();
        return json;
    }

    private static FieldSet Parse(JsonObject map, bool isRoot) => new(
        !isRoot && (map.Count == 0 || map.ContainsKey(".")),
        map.Where(pair => pair.Key != ".").Select(pair => KeyValuePair.Create(pair.Key, Parse(pair.Value as JsonObject ?? [], isRoot: false))));

    private IEnumerable<string> Paths(string prefix) =>
        (IsMember ? (IEnumerable<string>)[prefix] : []).Concat(Children.SelectMany(child => child.Value.Paths(prefix + PathElement.Text(child.Key))));
}
