namespace HaCluster.Account.Tests.Moto;

/// <summary>One moto for all tests that need it, one after the other: each begins with an empty account.</summary>
[CollectionDefinition(Name)]
public sealed class MotoCollection : ICollectionFixture<MotoServer>
{
    public const string Name = "moto";
}
