using System.Text.Json;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Outbox;

/// <summary>A change that others are told of. It is written in the transaction that makes the change: neither is there without the other.</summary>
internal sealed record StoredEvent
{
    public long Sequence { get; init; }

    public required string Id { get; init; }

    public long At { get; init; }

    /// <summary>Such as <c>transfer.confirmed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The id of what was changed.</summary>
    public required string Subject { get; init; }

    /// <summary>A JSON object.</summary>
    public required string Data { get; init; }
}

internal static class Events
{
    public static Task TellAsync(this Session session, string type, string subject, IReadOnlyDictionary<string, string?> data, DateTimeOffset now) => session.ExecuteAsync(
        "insert into outbox (id, at, type, subject, data) values (@Id, @At, @type, @subject, @Data)",
        new { Id = Ids.New("evt", now), At = now.ToUnixTimeMilliseconds(), type, subject, Data = JsonSerializer.Serialize(data) });

    /// <summary>
    /// Events in the order of their sequence. Transactions of PostgreSQL end in another order than they take their numbers in: who reads to the end reads what is there, and finds one with a lower
    /// number later; readers that must miss nothing go back by <c>Overlap</c> and recognise an event by its id.
    /// </summary>
    public static Task<IReadOnlyList<StoredEvent>> EventsAsync(this Session session, long after, int limit) =>
        session.ListAsync<StoredEvent>("select sequence, id, at, type, subject, data from outbox where sequence > @after order by sequence limit @limit", new { after, limit });
}
