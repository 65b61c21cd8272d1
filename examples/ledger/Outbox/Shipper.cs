using Npgsql;

namespace HaCluster.Examples.Outbox;

/// <summary>
/// Brings records from the outbox to the ledger, in order and without end. Run two, for one that takes over: the second waits for the lock of the first. A process may be
/// killed at any point: before the number is committed nothing was sent, and afterwards the same record is sent under the same number, which the ledger stores once.
/// </summary>
internal sealed class Shipper(string database, LedgerClient ledger, TextWriter output)
{
    /// <summary>Together far below the 8 MiB that a request may have, for records of a usual size.</summary>
    private const int Batch = 500;

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <exception cref="ShippingException">The ledger refuses a record: a person has to look.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(database);
                await connection.OpenAsync(cancellationToken);
                pause = FirstPause;
                await ShipAsync(new OutboxTable(connection), cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                // The database fails over, or is not there yet. The lock went with the connection.
                await PauseAsync($"the database: {exception.Message}", pause, cancellationToken);
                pause = Longer(pause);
            }
        }
    }

    private async Task ShipAsync(OutboxTable outbox, CancellationToken cancellationToken)
    {
        while (!await outbox.TryLockAsync(cancellationToken))
            await Task.Delay(LockEvery, cancellationToken);
        await outbox.ListenAsync(cancellationToken);
        output.WriteLine("outbox: shipping");
        var most = Batch;
        while (true)
        {
            await outbox.NumberAsync(Batch, cancellationToken);
            var records = await outbox.UnsentAsync(most, cancellationToken);
            if (records.Count == 0)
            {
                await outbox.WaitAsync(PollEvery, cancellationToken);
                continue;
            }

            most = await SendAsync(outbox, records, cancellationToken) ? Batch : Math.Max(1, records.Count / 2);
        }
    }

    /// <returns>False: they are too large together.</returns>
    private async Task<bool> SendAsync(OutboxTable outbox, IReadOnlyList<OutboxRecord> records, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            switch (await ledger.SendAsync(records, cancellationToken))
            {
                case SendResult.Stored:
                    await outbox.MarkAsync(records[0].Number, records[^1].Number, cancellationToken);
                    output.WriteLine($"outbox: {records[0].Number} to {records[^1].Number} are stored");
                    return true;
                case SendResult.TooLarge:
                    return false;
                case SendResult.Later later:
                    await PauseAsync($"the ledger: {later.Reason}", later.After is { } asked && asked > pause ? asked : pause, cancellationToken);
                    break;
                case SendResult.Refused refused when records.Count > 1:
                    // Which of them: the records before it are stored, and it is named.
                    foreach (var record in records)
                        await SendAsync(outbox, [record], cancellationToken);
                    return true;
                case SendResult.Refused refused:
                    // To leave it out would be a gap in the books, and to go on past it would hide that.
                    throw new ShippingException($"the ledger refuses record {records[0].Number} of the outbox: {refused.Reason}");
            }
        }
    }

    private async Task PauseAsync(string why, TimeSpan pause, CancellationToken cancellationToken)
    {
        output.WriteLine($"outbox: {why}; again in {pause.TotalSeconds:0.0} s");
        await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), cancellationToken);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}

internal sealed class ShippingException(string message) : Exception(message);
