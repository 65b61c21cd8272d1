namespace HaCluster.Stack.Monitoring.Dashboards.Model;

/// <summary>
/// What a number counts, as Grafana calls it
/// (https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts).
/// </summary>
public readonly record struct Unit(string Id)
{
    public static readonly Unit Count = new("short");
    public static readonly Unit Share = new("percentunit");
    public static readonly Unit Percent = new("percent");
    public static readonly Unit Seconds = new("s");
    public static readonly Unit Milliseconds = new("ms");
    public static readonly Unit Days = new("d");
    public static readonly Unit Bytes = new("bytes");
    public static readonly Unit Megabytes = new("mbytes");
    public static readonly Unit BytesPerSecond = new("Bps");
    public static readonly Unit RequestsPerSecond = new("reqps");
    public static readonly Unit OperationsPerSecond = new("ops");
    public static readonly Unit UsDollars = new("currencyUSD");
    public static readonly Unit YesNo = new("bool_yes_no");

    /// <summary>A moment, in milliseconds since 1970, shown as how long ago it was.</summary>
    public static readonly Unit Ago = new("dateTimeFromNow");

    /// <summary>Processor cores: Grafana has no such unit, and shows an unknown unit as a suffix.</summary>
    public static readonly Unit Cores = new("suffix: cores");
}
