using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Verification;

/// <param name="Sequence">The first record concerned; 0 when no record is concerned.</param>
/// <param name="Name">The object concerned.</param>
internal sealed record Finding(Breach Breach, string Stream, long Sequence, string Name, string Message);
