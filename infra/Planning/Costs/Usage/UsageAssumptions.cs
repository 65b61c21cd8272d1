using System.Collections.Frozen;
using System.Globalization;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Costs.Usage;

/// <summary>The assumed usage per month: the defaults of <see cref="UsageCatalog"/>, with the overrides of the user.</summary>
public sealed class UsageAssumptions
{
    public static readonly UsageAssumptions Default = new(FrozenDictionary<string, decimal>.Empty);

    private const decimal HighestAmount = 1_000_000_000_000;

    private readonly FrozenDictionary<string, decimal> _set;

    private UsageAssumptions(FrozenDictionary<string, decimal> set) => _set = set;

    /// <param name="settings">Entries <c>NAME=AMOUNT</c>; of several for one name the last wins.</param>
    /// <exception cref="UnreadableInputException">An entry is malformed or has an unknown name.</exception>
    public static UsageAssumptions Parse(IEnumerable<string> settings)
    {
        var set = new Dictionary<string, decimal>();
        foreach (var setting in settings)
        {
            var parts = setting.Split('=', 2);
            var names = UsageCatalog.All.Select(usage => usage.Name);
            if (!names.Contains(parts[0]))
                throw Refused(setting, $"'{parts[0]}' is not an assumption; known are: {string.Join(", ", names)}");
            var text = parts.ElementAtOrDefault(1);
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount > HighestAmount)
                throw Refused(setting, $"write a number of zero or more after '{parts[0]}=', at most {HighestAmount:N0}");
            set[parts[0]] = amount;
        }

        return new UsageAssumptions(set.ToFrozenDictionary());
    }

    public decimal this[UsageAmount amount] => _set.GetValueOrDefault(amount.Name, amount.Default);

    private static UnreadableInputException Refused(string setting, string problem) => new($"--assume {setting}: {problem}");
}
