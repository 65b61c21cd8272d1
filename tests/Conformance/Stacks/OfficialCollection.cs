namespace HaCluster.Conformance.Stacks;

/// <summary>The tests that share the runs of <see cref="OfficialTwin"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OfficialCollection : ICollectionFixture<OfficialTwin>
{
    public const string Name = "official packages";
}
