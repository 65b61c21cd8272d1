using System.Globalization;

namespace HaCluster.Simulation.Model;

/// <summary>A number of pods, or a share of them.</summary>
public readonly record struct IntOrPercent(int Value, bool IsPercent)
{
    /// <summary>Of <paramref name="total"/>, rounded up (budgets, surge) or down (unavailable pods of an update).</summary>
    public int Of(int total, bool roundsUp = true) => !IsPercent ? Value
        : roundsUp ? (int)Math.Ceiling(Value * total / 100.0)
        : (int)Math.Floor(Value * total / 100.0);

    /// <summary>Null when the text is neither.</summary>
    public static IntOrPercent? Parse(string text) =>
        int.TryParse(text.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new IntOrPercent(value, text.EndsWith('%'))
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}{(IsPercent ? "%" : "")}");
}
