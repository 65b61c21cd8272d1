using HaCluster.Payments.Store;

namespace HaCluster.Payments.Access;

/// <summary>A request that was to change something, or that a key was not allowed.</summary>
internal sealed record AskedRequest
{
    public long Number { get; init; }

    public long At { get; init; }

    /// <summary>Name of the key.</summary>
    public required string Key { get; init; }

    /// <summary>Where it came from.</summary>
    public string? Address { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public string? IdempotencyKey { get; init; }

    public long Status { get; init; }

    /// <summary>Why it was refused; null: it was not.</summary>
    public string? Problem { get; init; }
}

/// <summary>
/// Who asked for what, also in vain. What was done is in the events too, with who did it, in the transaction that did it; a row here is written after the answer (<see cref="AuditQueue"/>).
/// </summary>
internal static class AuditTrail
{
    public static Task AskedAsync(this Session session, IEnumerable<AskedRequest> requests) => session.InsertAsync(
        "audit_trail", requests.Select(asked => new { asked.At, asked.Key, asked.Address, asked.Method, asked.Path, asked.IdempotencyKey, asked.Status, asked.Problem }));

    /// <summary>The newest first.</summary>
    /// <param name="key">Null: of all.</param>
    /// <param name="before">Number of the last one of the page before; 0: from the newest on.</param>
    public static Task<IReadOnlyList<AskedRequest>> AskedAsync(this Session session, string? key, long before, int limit) => session.ListAsync<AskedRequest>(
        """
        select number, at, key, address, method, path, idempotency_key, status, problem from audit_trail
        where (@key is null or key = @key) and (@before = 0 or number < @before) order by number desc limit @limit
        """,
        new { key, before, limit });
}
