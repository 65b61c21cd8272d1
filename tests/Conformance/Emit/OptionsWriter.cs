using HaCluster.Engine.Graph;

namespace HaCluster.Conformance.Emit;

/// <summary>Writes the resource options that a registration carried, without those that the official class adds by itself.</summary>
internal sealed class OptionsWriter(PackageFacts facts, Identifiers identifiers, string stackUrn)
{
    /// <returns>An object literal; <c>{}</c> when nothing is set.</returns>
    public string Write(ResourceNode resource)
    {
        var entries = Relations(resource).Concat(Behaviour(resource)).Select(entry => $"{entry.Name}: {entry.Value}").ToList();
        return entries.Count == 0 ? "{}" : $"{{ {string.Join(", ", entries)} }}";
    }

    private IEnumerable<(string Name, string Value)> Relations(ResourceNode resource)
    {
        if (resource.Parent is { } parent && parent != stackUrn)
            yield return ("parent", identifiers[parent]);
        if (resource.Provider is { } provider)
            yield return ("provider", identifiers[provider[..provider.LastIndexOf("::", StringComparison.Ordinal)]]);
        var implied = resource.PropertyDependencies.Values.SelectMany(urns => urns).ToHashSet(StringComparer.Ordinal);
        var dependsOn = resource.Dependencies.Where(urn => !implied.Contains(urn)).Select(urn => identifiers[urn]).ToList();
        if (dependsOn.Count > 0)
            yield return ("dependsOn", $"[{string.Join(", ", dependsOn)}]");
        if (resource.Options.DeletedWith is { } deletedWith)
            yield return ("deletedWith", identifiers[deletedWith]);
    }

    private IEnumerable<(string Name, string Value)> Behaviour(ResourceNode resource)
    {
        var options = resource.Options;
        if (options.Protect is { } protect)
            yield return ("protect", Flag(protect));
        if (options.RetainOnDelete is { } retain)
            yield return ("retainOnDelete", Flag(retain));
        if (options.DeleteBeforeReplace is { } deleteFirst)
            yield return ("deleteBeforeReplace", Flag(deleteFirst));
        if (options.ImportId is { } importId)
            yield return ("import", ValueWriter.Quote(importId));
        if (options.Version is { } version && version != facts.DefaultVersion(resource.Type))
            yield return ("version", ValueWriter.Quote(version));
        if (options.PluginDownloadUrl is { } url)
            yield return ("pluginDownloadURL", ValueWriter.Quote(url));
        if (options.CustomTimeouts.Count > 0)
            yield return ("customTimeouts", TimeoutsOf(options));
        if (!options.IgnoreChanges.IsEmpty)
            yield return ("ignoreChanges", Names(options.IgnoreChanges));
        if (options.ReplaceOnChanges.Except(facts.ReplaceOnChanges(resource.Type)).ToList() is { Count: > 0 } replaceOnChanges)
            yield return ("replaceOnChanges", Names(replaceOnChanges));
        if (options.AdditionalSecretOutputs.Except(facts.SecretOutputs(resource.Type)).ToList() is { Count: > 0 } secretOutputs)
            yield return ("additionalSecretOutputs", Names(secretOutputs));
        if (AliasesOf(resource) is { Count: > 0 } aliases)
            yield return ("aliases", $"[{string.Join(", ", aliases)}]");
    }

    private List<string> AliasesOf(ResourceNode resource)
    {
        var byClass = facts.AliasTypes(resource.Type).Select(type => $"type={type}").ToHashSet(StringComparer.Ordinal);
        return [.. resource.Options.Aliases.Where(alias => !byClass.Contains(alias)).Select(AliasExpression)];
    }

    private string AliasExpression(string alias)
    {
        if (alias.StartsWith("urn:", StringComparison.Ordinal))
            return ValueWriter.Quote(alias);
        var parts = alias.Split(';').Select(part => part.Split('=', 2)).Select(part => (part[0], part[1]));
        return $"{{ {string.Join(", ", parts.Select(AliasPart))} }}";
    }

    private string AliasPart((string Name, string Value) part) => part switch
    {
        ("parent", "") => "parent: pulumi.rootStackResource",
        ("parent", var urn) when identifiers.Knows(urn) => $"parent: {identifiers[urn]}",
        _ => $"{part.Name}: {ValueWriter.Quote(part.Value)}",
    };

    private static string TimeoutsOf(ResourceNodeOptions options) =>
        $"{{ {string.Join(", ", options.CustomTimeouts.Select(timeout => $"{timeout.Key}: {ValueWriter.Quote(timeout.Value)}"))} }}";

    private static string Names(IEnumerable<string> names) => $"[{string.Join(", ", names.Select(ValueWriter.Quote))}]";

    private static string Flag(bool value) => value ? "true" : "false";
}
