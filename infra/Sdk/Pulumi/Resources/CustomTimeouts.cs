using System.Globalization;
using HaCluster.Wire;

namespace Pulumi;

/// <summary>How long operations on a resource may take; the provider's default where not set.</summary>
public sealed class CustomTimeouts
{
    public TimeSpan? Create { get; set; }

    public TimeSpan? Update { get; set; }

    public TimeSpan? Delete { get; set; }

    internal CustomTimeouts Clone() => new() { Create = Create, Update = Update, Delete = Delete };

    internal RegisterResourceRequest.Types.CustomTimeouts ToWire() => new()
    {
        Create = ToGoDuration(Create),
        Update = ToGoDuration(Update),
        Delete = ToGoDuration(Delete),
    };

    // A tick is 100 ns, so two zeros more are the nanoseconds, exactly.
    private static string ToGoDuration(TimeSpan? duration)
        => duration is { } span ? span.Ticks.ToString(CultureInfo.InvariantCulture) + "00ns" : "";
}
