using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Differences;

/// <summary>One comparison of two plans.</summary>
internal sealed class PlanComparison(ResourceGraph before, ResourceGraph after)
{
    private readonly ReferenceNames _namesBefore = new(before);
    private readonly ReferenceNames _namesAfter = new(after);

    public PlanDifference Compare()
    {
        var old = before.Resources.Where(IsCompared).ToDictionary(KeyOf, StringComparer.Ordinal);
        var pairs = new List<(ResourceNode Before, ResourceNode After)>();
        var differences = new List<ResourceDifference>();
        foreach (var resource in after.Resources.Where(IsCompared))
        {
            if (old.Remove(KeyOf(resource), out var same) || AliasOf(resource, old) is { } alias && old.Remove(alias, out same))
                pairs.Add((same, resource));
            else
                differences.Add(new ResourceDifference(ReferenceNames.LabelOf(resource), resource, ResourceChange.Added, []));
        }

        differences.AddRange(old.Values.Select(resource => new ResourceDifference(ReferenceNames.LabelOf(resource), resource, ResourceChange.Removed, [])));
        var changed = pairs.ToDictionary(pair => pair.After.Urn, pair => Properties(pair.Before, pair.After), StringComparer.Ordinal);
        Spread([.. pairs.Select(pair => pair.After)], changed);
        foreach (var (_, resource) in pairs.Where(pair => changed[pair.After.Urn].Count > 0))
            differences.Add(new ResourceDifference(ReferenceNames.LabelOf(resource), resource, ChangeOf(changed[resource.Urn]), [.. changed[resource.Urn]]));
        return new PlanDifference(
            before, after,
            [.. differences.OrderBy(difference => difference.Node.Type, StringComparer.Ordinal).ThenBy(difference => difference.Node.Urn, StringComparer.Ordinal)],
            changed.Values.Count(properties => properties.Count == 0));
    }

    /// <summary>A replaced resource has a new id, which can replace the resources that refer to it.</summary>
    private static void Spread(IReadOnlyList<ResourceNode> resources, Dictionary<string, List<PropertyDifference>> changed)
    {
        for (var isMore = true; isMore;)
        {
            isMore = false;
            var replaced = changed.Where(entry => entry.Value.Count > 0 && ChangeOf(entry.Value) == ResourceChange.Replaced).Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
            foreach (var resource in resources)
            {
                foreach (var (property, urns) in resource.PropertyDependencies)
                {
                    if (urns.FirstOrDefault(replaced.Contains) is { } cause && !changed[resource.Urn].Exists(known => known.Path.Split('.', '[')[0] == property))
                    {
                        changed[resource.Urn].Add(new PropertyDifference(property, null, null, Effect(resource, property), ResourceUrn.Type(cause).Split(':')[^1] + " " + ResourceUrn.Name(cause)));
                        isMore = true;
                    }
                }

                if (resource.Options.ReplaceWith.FirstOrDefault(replaced.Contains) is { } with && !changed[resource.Urn].Exists(known => known.Path == "(replaceWith)"))
                {
                    changed[resource.Urn].Add(new PropertyDifference(
                        "(replaceWith)", null, null, ReplacementEffect.Replaces, ResourceUrn.Type(with).Split(':')[^1] + " " + ResourceUrn.Name(with)));
                    isMore = true;
                }
            }
        }
    }

    private static ResourceChange ChangeOf(List<PropertyDifference> properties) =>
        properties.Exists(property => property.Effect == ReplacementEffect.Replaces) ? ResourceChange.Replaced
        : properties.Exists(property => property.Effect == ReplacementEffect.Unknown) ? ResourceChange.MaybeReplaced
        : ResourceChange.Updated;

    private static bool IsCompared(ResourceNode resource) => resource is { IsCustom: true, IsRead: false };

    /// <summary>A URN without the stack and the project, which may differ.</summary>
    private static string KeyOf(ResourceNode resource) => KeyOf(resource.Urn);

    private static string KeyOf(string urn) => $"{ResourceUrn.QualifiedType(urn)}::{ResourceUrn.Name(urn)}";

    private static string? AliasOf(ResourceNode resource, Dictionary<string, ResourceNode> old) =>
        resource.Options.Aliases.Where(ResourceUrn.IsValid).Select(KeyOf).FirstOrDefault(old.ContainsKey);

    private List<PropertyDifference> Properties(ResourceNode old, ResourceNode now)
    {
        var found = new List<PropertyDifference>();
        foreach (var name in old.Inputs.Keys.Union(now.Inputs.Keys).Order(StringComparer.Ordinal))
        {
            Compare(
                name,
                old.Inputs.TryGetValue(name, out var one) ? _namesBefore.In(one) : null,
                now.Inputs.TryGetValue(name, out var other) ? _namesAfter.In(other) : null,
                (path, from, to) => found.Add(new PropertyDifference(path, from, to, Effect(now, path))));
        }

        found.RemoveAll(property => now.Options.IgnoreChanges.Any(ignored => IsWithin(property.Path, ignored)));
        if (now.Options.ReplacementTrigger != old.Options.ReplacementTrigger)
            found.Add(new PropertyDifference("(replacementTrigger)", old.Options.ReplacementTrigger, now.Options.ReplacementTrigger, ReplacementEffect.Replaces));
        return found;
    }

    private static ReplacementEffect Effect(ResourceNode resource, string path) =>
        resource.Options.ReplaceOnChanges.Any(replacing => IsWithin(path, replacing)) ? ReplacementEffect.Replaces : ReplacementRules.Of(resource, path);

    /// <summary>Whether a value is the named one or inside it; <c>*</c> matches all.</summary>
    private static bool IsWithin(string path, string outer) =>
        outer == "*" || (path.StartsWith(outer, StringComparison.Ordinal) && (path.Length == outer.Length || path[outer.Length] is '.' or '['));

    /// <summary>The values that differ, as deep as possible; lists of different length are compared as a whole.</summary>
    private static void Compare(string path, PropertyValue? from, PropertyValue? to, Action<string, PropertyValue?, PropertyValue?> report)
    {
        switch (from, to)
        {
            case (PropertyValue.Map old, PropertyValue.Map now):
                foreach (var key in old.Entries.Keys.Union(now.Entries.Keys).Order(StringComparer.Ordinal))
                    Compare(Path(path, key), old.Entries.GetValueOrDefault(key), now.Entries.GetValueOrDefault(key), report);
                break;
            case (PropertyValue.List old, PropertyValue.List now) when old.Items.Length == now.Items.Length:
                for (var index = 0; index < old.Items.Length; index++)
                    Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), old.Items[index], now.Items[index], report);
                break;
            default:
                if (!Equals(from, to))
                    report(path, from, to);
                break;
        }
    }

    private static string Path(string path, string key) => key.Contains('.', StringComparison.Ordinal) ? $"{path}[\"{key}\"]" : $"{path}.{key}";
}
