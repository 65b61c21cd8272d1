using HaCluster.Services;

namespace HaCluster.Payments.Outbox;

/// <summary>The finance log that gets every event.</summary>
/// <param name="Token">Null: it asks for none.</param>
/// <param name="Authority">That issues its certificate; null: those that the system trusts.</param>
internal sealed record LedgerOptions(Uri Url, string Stream, Reloaded<string>? Token, Reloaded<TrustedAuthority>? Authority);
