using System.Collections.Immutable;
using System.Globalization;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>The quotas that <c>service-quotas.csv</c> knows; sources and dates are in the file.</summary>
public static class ServiceQuotaCatalog
{
    private const int Columns = 8;
    private static readonly Lazy<ImmutableArray<ServiceQuota>> Quotas = new(Load);

    public static ImmutableArray<ServiceQuota> All => Quotas.Value;

    public static ServiceQuota? Find(string service, string code) => All.FirstOrDefault(quota => quota.Service == service && quota.Code == code);

    /// <exception cref="InvalidOperationException">The table lacks it: a mistake in this assembly.</exception>
    internal static ServiceQuota Get(string service, string code) =>
        Find(service, code) ?? throw new InvalidOperationException($"service-quotas.csv has no {service} {code}");

    /// <summary>A limit without a code, by its name.</summary>
    /// <exception cref="InvalidOperationException">The table lacks it: a mistake in this assembly.</exception>
    internal static ServiceQuota Named(string service, string name) =>
        All.FirstOrDefault(quota => quota.Service == service && quota.Name == name)
        ?? throw new InvalidOperationException($"service-quotas.csv has no {service} '{name}'");

    internal static ServiceQuota Parse(string line)
    {
        var cells = line.Split(',', Columns);
        return new ServiceQuota(
            cells[0],
            cells[1].Length > 0 ? cells[1] : null,
            cells[7],
            decimal.Parse(cells[2], CultureInfo.InvariantCulture),
            cells[3] == "yes",
            Enum.Parse<QuotaScope>(cells[4], ignoreCase: true),
            cells[6],
            DateOnly.ParseExact(cells[5], "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static ImmutableArray<ServiceQuota> Load()
    {
        using var reader = new StreamReader(typeof(ServiceQuotaCatalog).Assembly.GetManifestResourceStream("service-quotas.csv")!);
        return
        [
            .. reader.ReadToEnd().Split('\n')
                .Where(line => line.Length > 0 && line[0] != '#' && !line.StartsWith("service,", StringComparison.Ordinal))
                .Select(Parse),
        ];
    }
}

/// <summary>A limit that AWS sets on an account, with the documented default of a new account.</summary>
/// <param name="Service">As Service Quotas names it: <c>ec2</c>, <c>vpc</c>, <c>ebs</c> ...</param>
/// <param name="Code">Null for a limit that Service Quotas does not list.</param>
/// <param name="IsAdjustable">Whether an increase can be requested.</param>
/// <param name="Source">The page that gives the default, and <paramref name="Read"/> when it was looked at.</param>
public sealed record ServiceQuota(
    string Service, string? Code, string Name, decimal Default, bool IsAdjustable, QuotaScope Scope, string Source, DateOnly Read)
{
    /// <summary>Whether other resources of the account count too.</summary>
    public bool IsShared => Scope != QuotaScope.Resource;
}

/// <summary>The scope of a service quota.</summary>
public enum QuotaScope
{
    /// <summary>Everything in the account and the region.</summary>
    Region,

    /// <summary>Everything in the account and one zone.</summary>
    Zone,

    /// <summary>Everything in the account, all regions together.</summary>
    Account,

    /// <summary>One VPC, one cluster, one group: other resources of the account do not count.</summary>
    Resource,
}
