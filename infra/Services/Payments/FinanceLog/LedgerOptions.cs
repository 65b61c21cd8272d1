using HaCluster.Services;

namespace HaCluster.Payments.FinanceLog;

/// <summary>The finance log that gets every event.</summary>
/// <param name="Token">That it knows the service by; null: it asks for none, or knows it by its certificate.</param>
/// <param name="Authority">That issues its certificate; null: those that the system trusts.</param>
/// <param name="Own">The certificate that the service shows when it is asked for one; null: none.</param>
internal sealed record LedgerOptions(Uri Url, string Stream, Reloaded<string>? Token, Reloaded<TrustedAuthority>? Authority, Reloaded<ServerCertificate>? Own = null);
