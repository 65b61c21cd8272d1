using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Elastic;

/// <summary>An action of a bulk request, and what became of it.</summary>
/// <param name="action"><c>create</c>, <c>index</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="index">Name of the stream; empty without one.</param>
/// <param name="id">That was sent, or was made for it.</param>
internal sealed class BulkItem(string action, string index, string id)
{
    public string Action { get; } = action;

    public string Index { get; } = index;

    public string Id { get; } = id;

    /// <summary>Null: it was refused.</summary>
    public PreparedRecord? Record { get; set; }

    /// <summary>Place in the stream, when it is stored.</summary>
    public long Sequence { get; set; }

    /// <summary>Why it is not stored.</summary>
    public string? Reason { get; private set; }

    public string? Code { get; private set; }

    public int Status { get; private set; } = StatusCodes.Status201Created;

    public void Refuse(int status, string code, string reason) => (Record, Status, Code, Reason) = (null, status, code, reason);
}
