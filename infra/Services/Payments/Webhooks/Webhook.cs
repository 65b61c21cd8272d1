using System.Text.Json;
using HaCluster.Payments.Outbox;

namespace HaCluster.Payments.Webhooks;

/// <summary>Where events are sent to.</summary>
internal sealed record Webhook
{
    public const string Active = "active";
    public const string Disabled = "disabled";
    public const string Deleted = "deleted";

    public required string Id { get; init; }

    public required string Url { get; init; }

    /// <summary>A JSON array of <see cref="EventTypes"/>.</summary>
    public required string Types { get; init; }

    /// <summary>As it is stored (<see cref="WebhookSecrets"/>). Null: it is deleted.</summary>
    public string? Secret { get; init; }

    /// <summary>The one before, with which deliveries are signed too until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousSecret { get; init; }

    public long? PreviousUntil { get; init; }

    /// <summary>Events up to here are queued.</summary>
    public long Position { get; init; }

    /// <summary>Counts replays, from 1.</summary>
    public long Generation { get; init; }

    public required string State { get; init; }

    /// <summary>Why it is disabled.</summary>
    public string? Reason { get; init; }

    public required string CreatedBy { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IReadOnlyList<string> ReadTypes() => JsonSerializer.Deserialize<string[]>(Types)!;

    /// <summary>With which deliveries are signed now, as they are stored.</summary>
    public IEnumerable<string> SecretsAt(DateTimeOffset now)
    {
        if (Secret is not null)
            yield return Secret;
        if (PreviousSecret is not null && PreviousUntil > now.ToUnixTimeMilliseconds())
            yield return PreviousSecret;
    }
}

/// <summary>An event on its way to a webhook.</summary>
internal sealed record Delivery
{
    public const string Waiting = "waiting";
    public const string Delivered = "delivered";

    /// <summary>A later replay sends the event.</summary>
    public const string Replaced = "replaced";

    public long Number { get; init; }

    public required string Webhook { get; init; }

    public long Position { get; init; }

    public required string State { get; init; }

    public long Attempts { get; init; }

    /// <summary>Of the first attempt.</summary>
    public long? FirstAt { get; init; }

    /// <summary>Not before this.</summary>
    public long NextAt { get; init; }

    /// <summary>The receiver's last answer; null: there was none.</summary>
    public long? Status { get; init; }

    /// <summary>What was wrong the last time.</summary>
    public string? Problem { get; init; }

    public long? DeliveredAt { get; init; }

    public long CreatedAt { get; init; }

    public required string EventId { get; init; }

    public long EventAt { get; init; }

    public required string EventType { get; init; }

    public required string Subject { get; init; }

    public required string Data { get; init; }

    public StoredEvent Event => new() { Position = Position, Id = EventId, At = EventAt, Type = EventType, Subject = Subject, Data = Data };
}

/// <summary>Which events a webhook wants: <c>*</c>, a group such as <c>transfer.*</c>, or one type such as <c>transfer.final</c>.</summary>
internal static class EventTypes
{
    public const string Rule = "*, a group such as transfer.*, or a type such as transfer.final";

    public static bool IsValid(string? pattern) =>
        pattern is "*" || (pattern?.Split('.') is [{ Length: > 0 and <= 40 } group, { Length: > 0 and <= 40 } name] && IsWord(group) && (name == "*" || IsWord(name)));

    public static bool Match(IReadOnlyList<string> patterns, string type) =>
        patterns.Any(pattern => pattern == "*" || pattern == type || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(pattern[..^1], StringComparison.Ordinal)));

    private static bool IsWord(string text) => text.All(letter => char.IsAsciiLetterLower(letter) || letter == '-');
}
