using System.Numerics;
using HaCluster.Payments.Tests.Peers;
using HaCluster.Payments.Tests.Scanning;
using HaCluster.Payments.Tests.Store;

namespace HaCluster.Payments.Tests.Sweeping;

/// <summary>Tests of which each has a wallet with forwarders, on a node of its own.</summary>
public abstract class OwnSweeps(PostgreSql postgreSql) : OwnStore(postgreSql)
{
    private protected async Task<SweepWorld> StartAsync(StoreKind kind, bool isDeployed = true, bool isCold = false) => await SweepWorld.StartAsync(await OpenAsync(kind), Scratch.Path, isDeployed, isCold);

    private protected static async Task<IReadOnlyList<string>> AddAsync(SweepWorld world, int count)
    {
        var addresses = new List<string>();
        for (var number = 0; number < count; number++)
            addresses.Add(await Deposits.AddAddressAsync(world.World));
        return addresses;
    }

    private protected static async Task<BigInteger> TokenAsync(SweepWorld world, string holder) => BigInteger.Parse(
        "0" + (await world.World.Chain.CallAsync("eth_call", new { to = Deposits.Token, data = "0x70a08231" + holder[2..].ToLowerInvariant().PadLeft(64, '0') }, "latest")).GetString()![2..],
        System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
}
