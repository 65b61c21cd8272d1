namespace HaCluster.Payments.Working;

/// <summary>Work that goes on round after round, each part of it by one replica at a time.</summary>
internal interface IWorker
{
    /// <summary>First part of the names of its leases, such as <c>sender</c>.</summary>
    string Name { get; }

    /// <summary>Between two rounds.</summary>
    TimeSpan Every { get; }

    /// <summary>Parts that are worked on at a time. Where there are several, a round does not wait for the slowest: the next one begins without it.</summary>
    int Concurrent => 1;

    /// <summary>What there is to work on in this round.</summary>
    Task<IReadOnlyList<WorkPart>> PartsAsync(CancellationToken cancellationToken);
}

/// <param name="Subject">What it is about, such as the id of a wallet.</param>
/// <param name="WorkAsync">One round. It may be cut off anywhere, and begun again by another process: what is done twice is done once.</param>
internal sealed record WorkPart(string Subject, Func<CancellationToken, Task> WorkAsync);
