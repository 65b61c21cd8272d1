using Google.Protobuf.WellKnownTypes;

namespace Pulumi;

/// <summary>What registering and reading a resource have in common on the wire.</summary>
/// <param name="Properties">The arguments.</param>
/// <param name="ParentUrn">Empty for the stack.</param>
/// <param name="Provider"><c>urn::id</c>, or empty for the default provider.</param>
/// <param name="Providers">By package, for remote components.</param>
/// <param name="Dependencies">URNs of all that the resource depends on.</param>
/// <param name="PropertyDependencies">URNs by property, one entry for every property sent.</param>
/// <param name="Aliases">Former names: URNs only, if the engine knows nothing else.</param>
internal sealed record PreparedResource(
    Struct Properties,
    string ParentUrn,
    string Provider,
    Dictionary<string, string> Providers,
    HashSet<string> Dependencies,
    Dictionary<string, HashSet<string>> PropertyDependencies,
    PreparedAliases Aliases);

/// <summary>Former names of a resource: as the engine understands them, either in parts or as URNs.</summary>
internal sealed record PreparedAliases(IReadOnlyList<HaCluster.Wire.Alias> Specs, IReadOnlyCollection<string> Urns);
