namespace HaCluster.Payments.Transfers;

/// <summary>What somebody asked of a transfer that is signed, or for which something of the chain is set aside. The sender does it.</summary>
internal sealed record ChangeRequest
{
    /// <summary>Take the payment's place with a transaction that pays nobody, if the chain lets it.</summary>
    public const string Cancel = "cancel";

    /// <summary>Replace the newest transaction with one that pays a larger fee.</summary>
    public const string Bump = "bump";

    /// <summary>Have a child pay for the transaction that waits.</summary>
    public const string Child = "cpfp";

    public required string Transfer { get; init; }

    public required string Kind { get; init; }

    /// <summary>Number of the newest transaction when it was asked for; 0 for a cancellation, which is asked for once.</summary>
    public long Attempt { get; init; }

    public required string RequestedBy { get; init; }
}

/// <summary>All requests of one transfer.</summary>
internal sealed class ChangeRequests(IReadOnlyList<ChangeRequest> requests)
{
    /// <summary>Null: nobody asked for its cancellation.</summary>
    public ChangeRequest? Cancellation { get; } = requests.FirstOrDefault(request => request.Kind == ChangeRequest.Cancel);

    /// <summary>Whether the newest transaction is to be replaced.</summary>
    public bool AskToReplace(long newest, string purpose) => (Cancellation is not null && purpose != Attempt.Cancellation) || requests.Any(request => request.Kind == ChangeRequest.Bump && request.Attempt >= newest);

    /// <summary>Whether a child is to pay for the transaction that waits.</summary>
    public bool AskForChild(long newest) => requests.Any(request => request.Kind == ChangeRequest.Child && request.Attempt >= newest);

    /// <summary>What the next transaction is for. After a cancellation there is no way back to the payment.</summary>
    public string PurposeAfter(string newest) => Cancellation is null ? newest : Attempt.Cancellation;
}
