namespace HaCluster.Payments.Store;

/// <summary>Places of a transfer's way at which a process may be killed, in their order: <see cref="Services.IFaultPoints"/>.</summary>
internal static class FaultPoint
{
    public const string TransferChosen = "transfer-chosen";
    public const string InputsReserved = "inputs-reserved";
    public const string TransactionSigned = "transaction-signed";
    public const string BytesStored = "bytes-stored";
    public const string BeforeBroadcast = "before-broadcast";
    public const string AfterBroadcast = "after-broadcast";
    public const string BroadcastStored = "broadcast-stored";
    public const string BlockFound = "block-found";
    public const string ConfirmedStored = "confirmed-stored";
    public const string BeforeBooking = "before-booking";
    public const string AfterBooking = "after-booking";

    public const string ChildReserved = "child-reserved";
    public const string ChildSigned = "child-signed";
    public const string ChildStored = "child-stored";

    public const string ForwardChosen = "forward-chosen";
    public const string ForwardStored = "forward-stored";
    public const string ForwardEnding = "forward-ending";
    public const string ForwardEnded = "forward-ended";

    /// <summary>Of a transfer.</summary>
    public static readonly string[] All =
    [
        TransferChosen, InputsReserved, TransactionSigned, BytesStored, BeforeBroadcast, AfterBroadcast, BroadcastStored, BlockFound, ConfirmedStored, BeforeBooking, AfterBooking,
    ];

    /// <summary>Of a child that pays for a transaction in the memory pool, and of that transaction from then on.</summary>
    public static readonly string[] OfChild =
    [
        ChildReserved, ChildSigned, ChildStored, BeforeBroadcast, AfterBroadcast, BroadcastStored, BlockFound, ConfirmedStored, BeforeBooking, AfterBooking,
    ];

    /// <summary>Of a round of forwarding, whose transfers go through all others.</summary>
    public static readonly string[] OfForward = [ForwardChosen, ForwardStored, .. All, ForwardEnding, ForwardEnded];
}
