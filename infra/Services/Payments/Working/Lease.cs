using HaCluster.Payments.Store;

namespace HaCluster.Payments.Working;

/// <summary>
/// One worker for one thing, such as the sender of a wallet. A lease saves work and calls; it protects no money: clocks differ and processes are paused, so what two holders at once could do
/// wrong is refused by unique keys of the store (a nonce, an attempt, a coin, a posting).
/// </summary>
internal static class Lease
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromHours(1);

    /// <summary>
    /// Takes a lease that is free or over, or extends one's own. One that ends an hour too late was taken by a clock that was wrong, and nobody waits until it is right. Clocks of two
    /// replicas that differ by less leave it to the one that is ahead.
    /// </summary>
    /// <returns>False: somebody else has it.</returns>
    public static async Task<bool> TakeAsync(this Database database, string name, string holder, TimeSpan length, DateTimeOffset now, CancellationToken cancellationToken) => await database.ChangeAsync(
        session => session.ExecuteAsync(
            """
            insert into leases (name, holder, epoch, until) values (@name, @holder, 1, @Until)
            on conflict (name) do update set holder = excluded.holder, until = excluded.until, epoch = leases.epoch + case when leases.holder = excluded.holder then 0 else 1 end
            where leases.holder = excluded.holder or leases.until <= @Now or leases.until > @Impossible
            """,
            new { name, holder, Until = (now + length).ToUnixTimeMilliseconds(), Now = now.ToUnixTimeMilliseconds(), Impossible = (now + length + MostSkew).ToUnixTimeMilliseconds() }),
        cancellationToken) == 1;

    /// <summary>Lets another one take it at once.</summary>
    public static Task GiveUpAsync(this Database database, string name, string holder, CancellationToken cancellationToken) =>
        database.ChangeAsync(session => session.ExecuteAsync("update leases set until = 0 where name = @name and holder = @holder", new { name, holder }), cancellationToken);
}
