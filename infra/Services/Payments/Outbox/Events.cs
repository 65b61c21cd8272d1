using System.Text.Json;
using HaCluster.Payments.Http;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Outbox;

/// <summary>A change that others are told of. It is written in the transaction that makes the change: neither is there without the other.</summary>
internal sealed record StoredEvent
{
    /// <summary>Its place among all events, counted from 1 without gaps.</summary>
    public long Position { get; init; }

    public required string Id { get; init; }

    public long At { get; init; }

    /// <summary>Such as <c>transfer.confirmed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The id of what was changed.</summary>
    public required string Subject { get; init; }

    /// <summary>A JSON object.</summary>
    public required string Data { get; init; }

    /// <summary>With its texts cut: for those who do not take it as it is.</summary>
    public StoredEvent Shortened() => this with
    {
        Data = JsonSerializer.Serialize(JsonSerializer.Deserialize<Dictionary<string, string?>>(Data)!.ToDictionary(pair => pair.Key, pair => pair.Value is { } text ? ForeignText.Cut(text, ForeignText.Reason) : null)),
    };

    /// <summary>The same for everybody who is told: in lists, streams and webhooks.</summary>
    public object Describe() => new { Id, Sequence = Position, At = Json.Time(At), Type, Subject, Data = JsonSerializer.Deserialize<JsonElement>(Data) };
}

/// <summary>An event that is not written yet.</summary>
internal sealed record NewEvent(string Id, long At, string Type, string Subject, string Data)
{
    /// <summary>The longest list that an event has, of 50 types of a webhook, is shorter.</summary>
    private const int MostCharacters = 10_000;

    /// <summary>Texts are cut: a page of events has to fit into a request to the finance log, and is kept for good.</summary>
    public static NewEvent Of(string type, string subject, IReadOnlyDictionary<string, string?> data, DateTimeOffset now) => new(
        Ids.New("evt", now), now.ToUnixTimeMilliseconds(), type, subject,
        JsonSerializer.Serialize(data.ToDictionary(pair => pair.Key, pair => pair.Value is { } text ? ForeignText.Cut(text, pair.Key == "reason" ? ForeignText.Reason : MostCharacters) : null)));
}

internal static class Events
{
    private const string Columns = "event_positions.position, outbox.id, outbox.at, outbox.type, outbox.subject, outbox.data";

    /// <summary>For those who write an event together with what it tells of, in one way to the database: its properties are these parameters.</summary>
    public const string Insert = "insert into outbox (id, at, type, subject, data) values (@EventId, @EventAt, @EventType, @EventSubject, @EventData)";

    public static Task AppendEventAsync(this Session session, string type, string subject, IReadOnlyDictionary<string, string?> data, DateTimeOffset now) =>
        session.AppendEventsAsync([NewEvent.Of(type, subject, data, now)]);

    public static Task AppendEventsAsync(this Session session, IEnumerable<NewEvent> events) => session.InsertAsync("outbox", events);

    /// <summary>All events that are committed when this is asked, in the order of their positions: who goes on from the last one misses none, however many write at the same time.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> EventsAsync(this Database database, long after, int limit, CancellationToken cancellationToken = default)
    {
        var (isComplete, events) = await database.ReadAsync(PageAsync, cancellationToken);
        if (isComplete)
            return events;
        await database.ChangeAsync(session => session.ExecuteAsync("select give_positions()"), cancellationToken);
        return (await database.ReadAsync(PageAsync, cancellationToken)).Events;

        async Task<(bool IsComplete, IReadOnlyList<StoredEvent> Events)> PageAsync(Session session) => (
            await session.GetAsync<long>("select count(*) from (select 1 from events_without_position limit 1) as one_event") == 0,
            await session.ListAsync<StoredEvent>(
                $"select {Columns} from event_positions join outbox on outbox.sequence = event_positions.sequence where event_positions.position > @after order by event_positions.position limit @limit",
                new { after, limit }));
    }

    /// <summary>Of the last event that has one; 0: there is none.</summary>
    public static Task<long> LastPositionAsync(this Session session) => session.GetAsync<long>("select coalesce(max(position), 0) from event_positions");

    /// <returns>Null: there is none, or none that is committed.</returns>
    public static Task<StoredEvent?> EventAsync(this Session session, string id) => session.FindAsync<StoredEvent>(
        $"select {Columns} from event_positions join outbox on outbox.sequence = event_positions.sequence where outbox.id = @id", new { id });

    /// <summary>How far a reader has come; 0: it has not begun.</summary>
    public static async Task<long> ReaderPositionAsync(this Session session, string reader) => await session.FindAsync<long?>("select position from event_readers where name = @reader", new { reader }) ?? 0;

    /// <summary>Never back.</summary>
    public static Task MoveReaderAsync(this Session session, string reader, long position) => session.ExecuteAsync(
        "insert into event_readers (name, position) values (@reader, @position) on conflict (name) do update set position = excluded.position where event_readers.position < excluded.position",
        new { reader, position });
}
