using System.Globalization;

namespace HaCluster.Payments.Tests.Volume;

/// <summary>How many transfers are made.</summary>
internal static class TransferCount
{
    public const string Variable = "HA_PAYMENTS_TRANSFERS";

    /// <param name="usual">In a run of all tests.</param>
    public static int Of(int usual) => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
