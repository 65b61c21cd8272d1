using Dapper;
using Npgsql;

namespace HaCluster.Examples.Outbox;

/// <summary>The table <c>outbox</c> as the one shipper of a database works on it, over one connection: with it goes the lock, and another shipper may begin.</summary>
internal sealed class OutboxTable(NpgsqlConnection connection)
{
    /// <summary>Any number that nothing else in the database locks.</summary>
    private const long Lock = 0x6c65646765720001;

    public static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var stream = typeof(OutboxTable).Assembly.GetManifestResourceStream("HaCluster.Examples.Outbox.schema.sql")!;
        using var reader = new StreamReader(stream);
        await connection.ExecuteAsync(new CommandDefinition(await reader.ReadToEndAsync(cancellationToken), cancellationToken: cancellationToken));
    }

    /// <summary>Takes the lock of the shipper, which ends with the connection: records of two shippers would arrive in any order.</summary>
    /// <returns>False: another has it.</returns>
    public Task<bool> TryLockAsync(CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<bool>(new CommandDefinition("select pg_try_advisory_lock(@Lock)", new { Lock }, cancellationToken: cancellationToken));

    public Task ListenAsync(CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition("listen outbox", cancellationToken: cancellationToken));

    /// <summary>Until a transaction with records commits, or the time is over.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) => connection.WaitAsync(time, cancellationToken);

    /// <summary>
    /// Gives numbers to records that have none, in one statement. A transaction that began earlier and commits later is no problem: its records have none either, and
    /// get theirs the next time. From then on a record keeps its number, so that it can be sent again after any crash.
    /// </summary>
    public Task<int> NumberAsync(int most, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(
        """
        with batch as (
            select id, row_number() over (order by id) as place
            from (select id from outbox where number is null order by id limit @most) as unnumbered),
        counter as (
            update outbox_counter set last = last + (select count(*) from batch) where exists (select from batch) returning last)
        update outbox set number = counter.last - (select count(*) from batch) + batch.place
        from batch, counter where outbox.id = batch.id
        """,
        new { most }, cancellationToken: cancellationToken));

    /// <summary>Records that have a number and are not known to be stored, in order.</summary>
    public async Task<IReadOnlyList<OutboxRecord>> UnsentAsync(int most, CancellationToken cancellationToken) =>
    [
        .. await connection.QueryAsync<OutboxRecord>(new CommandDefinition(
            "select number, at, data::text as data from outbox where sent_at is null and number is not null order by number limit @most",
            new { most }, cancellationToken: cancellationToken)),
    ];

    /// <summary>After the ledger said that all of them are stored.</summary>
    public Task MarkAsync(long from, long to, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(
        "update outbox set sent_at = now() where number between @from and @to", new { from, to }, cancellationToken: cancellationToken));
}

internal sealed record OutboxRecord(long Number, DateTime At, string Data);
