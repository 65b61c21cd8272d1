namespace HaCluster.Planning.ServiceQuotas;

/// <summary>How much of a quota the declared cluster takes.</summary>
/// <param name="AtRest">With every group at the size it begins with.</param>
/// <param name="AtMost">With every group at its maximum and all of them being updated; what has to fit.</param>
/// <param name="How">How it was counted, in one line.</param>
public sealed record QuotaNeed(ServiceQuota Quota, decimal AtRest, decimal AtMost, string How)
{
    internal static QuotaNeed Of(string service, string code, decimal atRest, decimal atMost, string how) =>
        new(ServiceQuotaCatalog.Get(service, code), atRest, atMost, how);

    internal static QuotaNeed Of(string service, string code, decimal amount, string how) => Of(service, code, amount, amount, how);
}
