using HaCluster.Cli.Terminal;

namespace HaCluster.Cli.Running;

/// <summary>The options of <c>ha quota</c>.</summary>
/// <param name="AsksAccount">Compare with an account instead of with AWS's defaults.</param>
/// <param name="Requests">Request increases of the quotas that are too small.</param>
/// <param name="IsAgreed">Do not ask for confirmation.</param>
/// <param name="Explains">Show how every need was counted, not only those that do not fit.</param>
internal sealed record QuotaChoice(OutputFile Json, bool AsksAccount, bool Requests, bool IsAgreed, bool Explains);
