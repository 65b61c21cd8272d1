using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Wire;

namespace HaCluster.Engine.Session;

/// <summary>The resource options of a registration, with what the engine lets a resource inherit from its parent.</summary>
internal static class RequestOptions
{
    /// <exception cref="FormatException">The trigger of replacements is malformed.</exception>
    public static ResourceNodeOptions Of(RegisterResourceRequest request, ResourceNodeOptions parent) => new()
    {
        Protect = request.HasProtect ? request.Protect : parent.Protect,
        RetainOnDelete = request.HasRetainOnDelete ? request.RetainOnDelete : parent.RetainOnDelete,
        DeletedWith = NullIfEmpty(request.DeletedWith) ?? parent.DeletedWith,
        DeleteBeforeReplace = request.DeleteBeforeReplaceDefined || request.DeleteBeforeReplace ? request.DeleteBeforeReplace : null,
        ImportId = NullIfEmpty(request.ImportId),
        Version = NullIfEmpty(request.Version),
        PluginDownloadUrl = NullIfEmpty(request.PluginDownloadURL),
        IgnoreChanges = [.. request.IgnoreChanges],
        ReplaceOnChanges = [.. request.ReplaceOnChanges],
        ReplaceWith = [.. request.ReplaceWith],
        ReplacementTrigger = TriggerOf(request.ReplacementTrigger),
        HideDiffs = [.. request.HideDiffs],
        AdditionalSecretOutputs = [.. request.AdditionalSecretOutputs.Order(StringComparer.Ordinal)],
        Aliases = [.. request.AliasURNs, .. request.Aliases.Select(Describe)],
        CustomTimeouts = TimeoutsOf(request.CustomTimeouts),
    };

    private static PropertyValue? TriggerOf(Value? trigger)
    {
        try
        {
            return trigger is null ? null : PropertyValueReader.Read(trigger);
        }
        catch (FormatException malformed)
        {
            throw new FormatException($"the option replacementTrigger {malformed.Message}", malformed);
        }
    }

    private static string Describe(Alias alias)
    {
        if (alias.AliasCase == Alias.AliasOneofCase.Urn)
            return alias.Urn;
        var spec = alias.Spec ?? new Alias.Types.Spec();
        var parts = new List<string>();
        Add("name", spec.Name);
        Add("type", spec.Type);
        if (spec.ParentCase == Alias.Types.Spec.ParentOneofCase.ParentUrn)
            Add("parent", spec.ParentUrn);
        else if (spec.NoParent)
            Add("parent", "none");
        Add("project", spec.Project);
        Add("stack", spec.Stack);
        return string.Join(';', parts);

        void Add(string name, string value)
        {
            if (value.Length > 0)
                parts.Add($"{name}={value}");
        }
    }

    private static ImmutableSortedDictionary<string, string> TimeoutsOf(RegisterResourceRequest.Types.CustomTimeouts? timeouts) =>
        timeouts is null
            ? ImmutableSortedDictionary<string, string>.Empty
            : new[] { ("create", timeouts.Create), ("update", timeouts.Update), ("delete", timeouts.Delete), ("read", timeouts.Read) }
                .Where(timeout => timeout.Item2.Length > 0)
                .ToImmutableSortedDictionary(timeout => timeout.Item1, timeout => timeout.Item2, StringComparer.Ordinal);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
