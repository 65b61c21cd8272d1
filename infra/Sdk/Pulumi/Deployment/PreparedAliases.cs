namespace Pulumi;

/// <summary>Former names of a resource: as the engine understands them, either in parts or as URNs.</summary>
internal sealed record PreparedAliases(IReadOnlyList<HaCluster.Wire.Alias> Specs, IReadOnlyCollection<string> Urns);
