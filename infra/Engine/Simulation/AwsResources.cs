using System.Text.RegularExpressions;
using HaCluster.Engine.Invokes;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Simulation;

/// <summary>The state of AWS resources.</summary>
internal static partial class AwsResources
{
    /// <summary>Used if no region is set: a simulation without one is still useful.</summary>
    private const string AssumedRegion = "us-east-1";

    public static void Complete(SimulatedResource resource)
    {
        var identity = AwsIdentity.Of(resource.Node.Type);
        NameAutomatically(resource, identity.NameProperty);
        if (resource.Region is { } region)
            resource.Default("region", region);
        if (resource.Get("tagsAll") is null)
            resource.Default("tagsAll", AllTags(resource));

        // An id may be made of the ARN and the ARN of the id; whichever is free of the other comes first.
        if (!identity.Id.Contains("{arn}", StringComparison.Ordinal))
            resource.AssignId(Expand(identity.Id, resource));
        if (identity.Arn is { } arn)
            resource.Computed(identity.ArnProperty, Expand(arn, resource));
        resource.AssignId(Expand(identity.Id, resource));

        AwsAttributes.Complete(resource);
        foreach (var required in resource.Spec?.Outputs.Required ?? [])
        {
            if (!resource.Has(required))
                resource.Computed(required, PlausibleValues.Of(resource, required));
        }
    }

    public static string RegionOf(SimulatedResource resource) => resource.Region ?? AssumedRegion;

    public static string PartitionOf(SimulatedResource resource) => AwsRegion.Find(RegionOf(resource))?.Partition ?? "aws";

    public static string DnsSuffixOf(SimulatedResource resource) => AwsRegion.Find(RegionOf(resource))?.DnsSuffix ?? "amazonaws.com";

    /// <summary>Fills in a template as described at <see cref="AwsIdentity"/>.</summary>
    public static string Expand(string template, SimulatedResource resource) => Placeholder().Replace(template, match =>
    {
        var name = match.Groups["name"].Value;
        return name switch
        {
            "id" => resource.Id ?? "",
            "partition" => PartitionOf(resource),
            "region" => RegionOf(resource),
            "account" => Account.Id,
            "logical" => resource.Node.Name,
            "uuid" => Fingerprint.Uuid(resource.Seed),
            "path" => resource.Text("path") ?? "/",
            "issuer" => IssuerOf(resource.Text("url") ?? ""),
            _ when match.Groups["hex"].Value is { Length: > 0 } digits => Fingerprint.Hex(resource.Seed, int.Parse(digits, null)),
            _ when match.Groups["digits"].Value is { Length: > 0 } digits => Fingerprint.Digits(resource.Seed, int.Parse(digits, null)),
            _ => Lookup(resource, name) ?? Fingerprint.Hex(resource.Seed + name, 8),
        };
    });

    private static string? Lookup(SimulatedResource resource, string path)
    {
        var parts = path.Split('.');
        var value = resource.Get(parts[0]);
        foreach (var part in parts.Skip(1))
            value = value.AsMap()?.GetValueOrDefault(part);
        return value.AsText();
    }

    /// <summary>The provider names what may be named and is not: the logical name and seven random digits, also in a preview.</summary>
    private static void NameAutomatically(SimulatedResource resource, string property)
    {
        if (resource.Spec is not { } spec || !spec.Inputs.Properties.ContainsKey(property) || spec.Inputs.Required.Contains(property))
            return;
        var suffix = Fingerprint.Hex(resource.Seed, 7);
        if (resource.Get($"{property}Prefix") is { } prefix)
        {
            if (prefix.AsText() is { } known)
                resource.Computed(property, known + suffix);
            return;
        }
        var stem = resource.Node.Type == "aws:kms/alias:Alias" ? $"alias/{resource.Node.Name}" : resource.Node.Name;
        resource.Default(property, $"{stem}-{suffix}");
    }

    private static PropertyValue AllTags(SimulatedResource resource)
    {
        var tags = resource.DefaultTags.ToBuilder();
        if (resource.Get("tags") is { } own)
        {
            if (own.AsMap() is not { } entries)
                return PropertyValue.Unknown.Instance;
            foreach (var (key, value) in entries)
                tags[key] = value;
        }
        return new PropertyValue.Map(tags.ToImmutable());
    }

    private static string IssuerOf(string url) => url.StartsWith("https://", StringComparison.Ordinal) ? url["https://".Length..] : url;

    [GeneratedRegex(@"\{(?<name>hex(?<hex>\d+)|digits(?<digits>\d+)|[A-Za-z.]+)\}")]
    private static partial Regex Placeholder();
}
