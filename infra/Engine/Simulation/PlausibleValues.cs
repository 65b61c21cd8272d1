using HaCluster.Engine.Invokes;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Simulation;

/// <summary>Plausible values for outputs without a rule of their own, based on their type in the schema and their name.</summary>
internal static class PlausibleValues
{
    /// <summary>Everything simulated was created at this moment, so that runs can be compared.</summary>
    public const string CreationTime = "2026-01-01T00:00:00Z";

    /// <summary>Guards against object types that contain themselves.</summary>
    private const int MaxDepth = 6;

    public static PropertyValue Of(SimulatedResource resource, string property) =>
        resource.Spec is { } spec && spec.Outputs.Properties.TryGetValue(property, out var declared)
            ? Of(resource, property, declared, 0)
            : new PropertyValue.Text("");

    private static PropertyValue Of(SimulatedResource resource, string name, PropertySpec property, int depth) =>
        property.Const ?? OfType(resource, name, property.Type, depth);

    private static PropertyValue OfType(SimulatedResource resource, string name, TypeSpec type, int depth) => type switch
    {
        TypeSpec.Primitive { Kind: PrimitiveKind.String } => new PropertyValue.Text(TextFor(resource, name)),
        TypeSpec.Primitive { Kind: PrimitiveKind.Boolean } => new PropertyValue.Bool(false),
        TypeSpec.Primitive => new PropertyValue.Number(0),
        TypeSpec.Array => PropertyMap.ListOf(),
        TypeSpec.Map or TypeSpec.Any => new PropertyValue.Map(PropertyMap.Empty),
        TypeSpec.OneOf oneOf => OfType(resource, name, oneOf.Alternatives[0], depth),
        TypeSpec.Named named => OfNamed(resource, named, depth),
        TypeSpec.Asset => new PropertyValue.Asset("text", ""),
        _ => new PropertyValue.Archive("assets", null, PropertyMap.Empty),
    };

    private static PropertyValue OfNamed(SimulatedResource resource, TypeSpec.Named named, int depth) => resource.Package?.FindType(named.Token) switch
    {
        EnumSpec values => values.Values[0],
        ObjectSpec spec when depth < MaxDepth => PropertyMap.Of(spec.Properties.Values
            .Where(property => spec.Required.Contains(property.Name))
            .Select(property => (property.Name, Of(resource, property.Name, property, depth + 1)))),
        _ => new PropertyValue.Map(PropertyMap.Empty),
    };

    private static string TextFor(SimulatedResource resource, string name)
    {
        if (IsEmptyUnlessAskedFor(name))
            return "";
        return name switch
        {
            "ownerId" or "accountId" or "registryId" or "instanceOwnerId" => Account.Id,
            "status" => "ACTIVE",
            "state" => "active",
            "description" => "Managed by Pulumi",
            "version" => "1",
            _ when Ends("cidrBlock") => "10.0.0.0/16",
            _ when Ends("arn") => AwsResources.Expand("arn:{partition}:" + ServiceOf(resource) + ":{region}:{account}:" + resource.Node.Name, resource),
            _ when Ends("date") || Ends("At") || Ends("time") => CreationTime,
            _ when Ends("url") || Ends("endpoint") => "https://" + HostName(resource),
            _ when Ends("dns") || Ends("dnsName") || Ends("domainName") || Ends("address") => HostName(resource),
            _ when Ends("zoneId") => "Z" + Fingerprint.UpperAlphanumeric(resource.Seed + name, 13),
            _ when Ends("id") => Fingerprint.Hex(resource.Seed + name, 17),
            _ when Ends("ip") => $"10.{Octet(name)}.{Octet(name + "b")}.{Octet(name + "c")}",
            _ when Ends("policy") => "{}",
            _ => $"{resource.Node.Name}-{Fingerprint.Hex(resource.Seed + name, 7)}",
        };

        bool Ends(string suffix) => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

        int Octet(string salt) => int.Parse(Fingerprint.Digits(resource.Seed + salt, 6), null) % 254 + 1;
    }

    /// <summary>Outputs that AWS leaves empty for a resource that did not ask for the feature behind them.</summary>
    private static bool IsEmptyUnlessAskedFor(string name) =>
        name.EndsWith("Prefix", StringComparison.Ordinal)
        || name.StartsWith("ipv6", StringComparison.Ordinal)
        || name.StartsWith("outpost", StringComparison.Ordinal)
        || name is "carrierIp" or "customerOwnedIp" or "instance" or "networkInterface" or "ptrRecord" or "ipamPoolId" or "associationId"
            or "instanceId" or "instanceOwnerId" or "networkInterfaceId" or "configurationValues" or "autoProvisionZones" or "autoScalingIps"
            or "regionalNatGatewayAutoMode" or "routeTableId";

    private static string HostName(SimulatedResource resource) =>
        $"{resource.Node.Name}-{Fingerprint.Hex(resource.Seed, 12)}.{AwsResources.RegionOf(resource)}.{ServiceOf(resource)}.{AwsResources.DnsSuffixOf(resource)}";

    private static string ServiceOf(SimulatedResource resource) => resource.Node.Type.Split(':')[1].Split('/')[0];
}
