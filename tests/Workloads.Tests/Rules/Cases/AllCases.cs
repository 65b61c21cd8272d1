namespace HaCluster.Workloads.Tests.Rules.Cases;

/// <summary>A case for every alert.</summary>
internal static class AllCases
{
    public static IReadOnlyList<RuleCase> All { get; } =
    [
        .. ZoneCases.All,
        .. NodeCases.All,
        .. WorkloadCases.All,
        .. StorageCases.All,
        .. EdgeCases.All,
        .. DatabaseCases.All,
        .. SearchCases.All,
        .. LogShippingCases.All,
        .. FinanceLogCases.All,
        .. PaymentsCases.All,
        .. ChainCases.All,
        .. EthereumCases.All,
        .. BackupCases.All,
        .. AlertingCases.All,
        .. ServiceCases.All,
    ];

    public static RuleCase Of(string alert) => Assert.Single(All, @case => @case.Alert == alert);
}
