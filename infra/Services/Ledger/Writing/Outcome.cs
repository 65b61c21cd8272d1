using System.Collections.Immutable;

namespace HaCluster.Ledger.Writing;

/// <summary>What became of the records of a request: all are stored, or none by this request.</summary>
internal abstract record Outcome
{
    /// <summary>Durable in the archive.</summary>
    /// <param name="Sequences">Of the records, in the order of the request.</param>
    /// <param name="Repeated">How many were stored before.</param>
    public sealed record Stored(ImmutableArray<long> Sequences, int Repeated) : Outcome;

    /// <summary>Some records contradict stored ones.</summary>
    public sealed record Refused(ImmutableArray<Conflict> Conflicts) : Outcome;

    /// <summary>They may be stored later or never; the producer has to send them again.</summary>
    public sealed record Unavailable(string Reason) : Outcome;
}

/// <param name="Index">Of the record in the request.</param>
/// <param name="Sequence">The record that is stored under the id; null when another record has used the producer's number.</param>
internal sealed record Conflict(int Index, string Id, long? Sequence, string Message);
