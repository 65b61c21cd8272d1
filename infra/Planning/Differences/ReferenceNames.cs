using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Differences;

/// <summary>Replaces every generated value (<c>vpc-0a1b...</c>) in inputs by the name of its resource: <c>${Vpc network.id}</c>.</summary>
internal sealed partial class ReferenceNames
{
    private const int ShortestReference = 6;
    private readonly FrozenDictionary<string, string> _names;

    public ReferenceNames(ResourceGraph graph)
    {
        var found = new List<(string Text, int Rank, string Name, string Urn)>();
        foreach (var resource in graph.Resources.Where(resource => resource.IsCustom))
        {
            var given = new HashSet<string>(StringComparer.Ordinal);
            foreach (var input in resource.Inputs.Values)
                Collect(input, given);
            Add(resource.Id, "id", 0);
            foreach (var (property, value) in resource.Outputs)
                Add(value.AsText(), property, property == "arn" ? 0 : 1);

            void Add(string? text, string property, int rank)
            {
                // Values that the program itself chose, such as a name, are compared as they are.
                if (text is { Length: >= ShortestReference } && !given.Contains(text))
                    found.Add((text, rank, $"${{{LabelOf(resource)}.{property}}}", resource.Urn));
            }
        }

        // An id or ARN identifies its resource wherever it appears. A value that several resources share, such as a region, identifies none.
        var names = found.GroupBy(reference => reference.Text, StringComparer.Ordinal)
            .Where(same => same.Any(reference => reference.Rank == 0) || same.Select(reference => reference.Urn).Distinct().Count() == 1)
            .ToDictionary(same => same.Key, same => same.OrderBy(reference => reference.Rank).ThenBy(reference => reference.Name, StringComparer.Ordinal).First().Name);
        _names = names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static string LabelOf(ResourceNode resource) => $"{resource.Type[(resource.Type.LastIndexOf(':') + 1)..]} {resource.Name}";

    public PropertyValue In(PropertyValue value) => value switch
    {
        PropertyValue.Text text => new PropertyValue.Text(In(text.Value)),
        PropertyValue.List list => new PropertyValue.List([.. list.Items.Select(In)]),
        PropertyValue.Map map => new PropertyValue.Map(map.Entries.ToImmutableSortedDictionary(entry => entry.Key, entry => In(entry.Value), StringComparer.Ordinal)),
        PropertyValue.Secret secret => new PropertyValue.Secret(In(secret.Inner)),
        // Dependencies do not matter for equality.
        PropertyValue.Output { Inner: { } inner, IsSecret: true } => new PropertyValue.Secret(In(inner)),
        PropertyValue.Output { Inner: { } inner } => In(inner),
        PropertyValue.Output => PropertyValue.Unknown.Instance,
        PropertyValue.Asset { Kind: "text" } asset => asset with { Value = In(asset.Value) },
        _ => value,
    };

    private string In(string text) =>
        text.Length < ShortestReference ? text
        : _names.TryGetValue(text, out var name) ? name
        : Token().Replace(text, match => _names.GetValueOrDefault(match.Value, match.Value));

    private static void Collect(PropertyValue value, HashSet<string> texts)
    {
        switch (value.Unwrap())
        {
            case PropertyValue.Text text:
                texts.Add(text.Value);
                break;
            case PropertyValue.List list:
                foreach (var item in list.Items)
                    Collect(item, texts);
                break;
            case PropertyValue.Map map:
                foreach (var entry in map.Entries.Values)
                    Collect(entry, texts);
                break;
        }
    }

    // ARNs, ids and addresses inside policies, user data and values of charts.
    [GeneratedRegex(@"[A-Za-z0-9][A-Za-z0-9:/_.-]{4,}[A-Za-z0-9]")]
    private static partial Regex Token();
}
