using System.Globalization;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;

namespace HaCluster.Cli.Views;

/// <summary>How amounts and prices are written.</summary>
internal static class CostText
{
    public static string Money(decimal usd) => usd.ToString("#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>With its sign, since it is a difference.</summary>
    public static string Difference(decimal usd) => usd.ToString("+#,##0.00;-#,##0.00;0.00", CultureInfo.InvariantCulture);

    public static string Count(CostRange count) =>
        count.AtRest == count.AtMost ? Number(count.AtRest) : $"{Number(count.AtRest)}-{Number(count.AtMost)}";

    public static string Number(decimal number) => number.ToString("#,##0.##", CultureInfo.InvariantCulture);

    /// <summary>The price of one unit with the unit, and a mark for how reliable it is.</summary>
    public static string Unit(Price price) =>
        price.Usd.ToString("0.#######", CultureInfo.InvariantCulture) + Per(price.Unit) + Mark(price.Basis);

    public static string Mark(PriceBasis basis) => basis switch
    {
        PriceBasis.Computed => "~",
        PriceBasis.Remembered => "?",
        PriceBasis.Own => "=",
        _ => "",
    };

    private static string Per(string unit) => unit switch
    {
        "month" or "metric-month" => "",
        "hour" or "vCPU-hour" or "LCU-hour" => "/h",
        "GB-month" => "/GB",
        "IOPS-month" => "/IOPS",
        "MBps-month" => "/MBps",
        _ => "/" + unit.Replace(" requests", "", StringComparison.Ordinal),
    };
}
