namespace HaCluster.Planning.Costs.Pricers;

/// <summary>What is paid for one EBS volume: its size, and what it does beyond what the size includes.</summary>
/// <param name="Kind">Empty for the size.</param>
internal sealed record VolumePart(string Item, decimal Amount, string Kind)
{
    public string Name(string volumes) => Kind.Length == 0 ? volumes : $"{volumes}, {Kind}";
}
