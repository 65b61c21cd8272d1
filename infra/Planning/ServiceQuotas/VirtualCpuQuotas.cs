using System.Collections.Immutable;

namespace HaCluster.Planning.ServiceQuotas;

/// <summary>The quota for the vCPUs of an instance type: AWS groups the families, separately for on-demand and spot.</summary>
public static class VirtualCpuQuotas
{
    /// <summary>Families by the letters before the first digit; those of one letter that are not here are the standard ones.</summary>
    private static readonly ImmutableArray<(string[] Families, string OnDemand, string Spot)> Groups =
    [
        (["a", "c", "d", "h", "i", "m", "r", "t", "z", "im", "is"], "L-1216C47A", "L-34B43A08"),
        (["dl"], "L-6E869C2A", "L-85EED4F7"),
        (["f"], "L-74FC7D96", "L-88CF9481"),
        (["g", "gr", "vt"], "L-DB2E81BA", "L-3819A6DF"),
        (["inf"], "L-1945791B", "L-B5D1601B"),
        (["p"], "L-417A185B", "L-7212CCBC"),
        (["trn"], "L-2C3B7624", "L-6B0D517C"),
        (["x"], "L-7295265B", "L-E3A00192"),
    ];

    public static ImmutableArray<string> Codes { get; } = [.. Groups.SelectMany(group => new[] { group.OnDemand, group.Spot })];

    /// <summary>Null for families with quotas of their own kind: <c>hpc</c>, <c>mac</c>, <c>u-...</c>.</summary>
    public static string? CodeOf(string instanceType, bool isSpot)
    {
        var family = new string([.. instanceType.TakeWhile(char.IsAsciiLetterLower)]);
        var group = Groups.FirstOrDefault(candidate => candidate.Families?.Contains(family) == true);
        return isSpot ? group.Spot : group.OnDemand;
    }
}
