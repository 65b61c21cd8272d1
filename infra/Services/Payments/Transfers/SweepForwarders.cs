using HaCluster.Payments.Store;
using HaCluster.Payments.Wallets;

namespace HaCluster.Payments.Transfers;

/// <summary>Which forwarders a transfer sweeps.</summary>
internal static class SweepForwarders
{
    public static async Task AddSweepForwardersAsync(this Session session, string transfer, IEnumerable<long> positions)
    {
        foreach (var position in positions)
            await session.ExecuteAsync("insert into sweep_forwarders (transfer, position) values (@transfer, @position)", new { transfer, position });
    }

    /// <summary>By their positions, in ascending order.</summary>
    public static Task<IReadOnlyList<Forwarder>> SweepForwardersAsync(this Session session, string transfer) => session.ListAsync<Forwarder>(
        """
        select sweep_forwarders.position, addresses.salt from sweep_forwarders join transfers on transfers.id = sweep_forwarders.transfer
            left join addresses on addresses.wallet = transfers.wallet and addresses.branch = 0 and addresses.position = sweep_forwarders.position
        where sweep_forwarders.transfer = @transfer order by sweep_forwarders.position
        """,
        new { transfer });
}
