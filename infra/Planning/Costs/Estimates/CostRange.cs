namespace HaCluster.Planning.Costs.Estimates;

/// <summary>An amount with every group at its desired size (baseline), and at its largest size (maximum).</summary>
public readonly record struct CostRange(decimal AtRest, decimal AtMost)
{
    public static readonly CostRange Zero = new(0, 0);

    public static implicit operator CostRange(decimal amount) => new(amount, amount);

    public static CostRange operator +(CostRange left, CostRange right) => new(left.AtRest + right.AtRest, left.AtMost + right.AtMost);

    public static CostRange operator -(CostRange left, CostRange right) => new(left.AtRest - right.AtRest, left.AtMost - right.AtMost);

    public static CostRange operator *(CostRange range, decimal factor) => new(range.AtRest * factor, range.AtMost * factor);

    public static CostRange operator /(CostRange range, decimal divisor) => new(range.AtRest / divisor, range.AtMost / divisor);

    public static CostRange Sum(IEnumerable<CostRange> ranges) => ranges.Aggregate(Zero, (sum, range) => sum + range);
}
