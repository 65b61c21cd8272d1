using System.Security.Cryptography.X509Certificates;

namespace HaCluster.Payments.Outbox;

/// <summary>The finance log that gets every event.</summary>
/// <param name="Token">Null: it asks for none.</param>
/// <param name="Authority">Roots that its certificate may have; null: those of the system.</param>
internal sealed record LedgerOptions(Uri Url, string Stream, string? Token, X509Certificate2Collection? Authority);
