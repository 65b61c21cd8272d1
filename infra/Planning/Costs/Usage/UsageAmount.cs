namespace HaCluster.Planning.Costs.Usage;

/// <summary>Something that no plan says and that costs money by how much of it is used in a month.</summary>
/// <param name="Name">As it is set: <c>nat-gb</c>.</param>
/// <param name="Default">What is assumed unless someone says otherwise.</param>
/// <param name="Item">Its price.</param>
/// <param name="What">What costs.</param>
/// <param name="Measure">What the number counts, after the number.</param>
public sealed record UsageAmount(string Name, decimal Default, string Item, string What, string Measure);
