namespace HaCluster.Cli.Commands;

/// <summary>What <c>ha quota</c> was asked to do.</summary>
/// <param name="AsksAccount">Compare with an account instead of with AWS's defaults.</param>
/// <param name="Requests">File requests for what is short.</param>
/// <param name="IsAgreed">Without asking first.</param>
/// <param name="Explains">Say of every need how it was counted, not only of those that do not fit.</param>
internal sealed record QuotaChoice(OutputFile Json, bool AsksAccount, bool Requests, bool IsAgreed, bool Explains);
