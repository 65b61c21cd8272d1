using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>One line of a Condition block: an operator, a key and the values of which one must match. All lines of a block must hold.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html</remarks>
internal sealed record Condition(string Operator, string Key, ImmutableArray<string> Values)
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    // Operators that hold only for requests whose key has one of the values. ArnEquals takes wildcards as ArnLike does.
    private static readonly ImmutableHashSet<string> Positive =
        ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress", "bool", "binaryequals"];

    private static readonly ImmutableHashSet<string> Others =
    [
        "stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike", "notipaddress", "null",
        "numericequals", "numericnotequals", "numericlessthan", "numericlessthanequals", "numericgreaterthan", "numericgreaterthanequals",
        "dateequals", "datenotequals", "datelessthan", "datelessthanequals", "dategreaterthan", "dategreaterthanequals",
    ];

    private string Base { get; } = BaseOf(Operator);

    /// <summary>False for an operator that IAM does not have.</summary>
    public bool IsKnown => Positive.Contains(Base) || Others.Contains(Base);

    /// <summary>Whether it holds only when the key is present and has one of the values.</summary>
    public bool IsRequired => Positive.Contains(Base) && !HoldsWithoutKey;

    /// <summary><c>...IfExists</c> holds when the request lacks the key, and <c>ForAllValues:</c> as well: there is no value that differs.</summary>
    public bool HoldsWithoutKey => Operator.EndsWith("IfExists", IgnoreCase) || Operator.StartsWith("ForAllValues:", IgnoreCase);

    public bool Is(string key) => Key.Equals(key, IgnoreCase);

    /// <summary>Whether it holds only for requests whose key has a value that passes the test.</summary>
    public bool Pins(Func<string, bool> isFixed) => IsRequired && !Values.IsEmpty && Values.All(isFixed);

    public static ImmutableArray<Condition> Of(PropertyValue? block) =>
    [
        .. from operation in block.Entries()
           from key in operation.Value.Entries()
           select new Condition(operation.Key, key.Key, TextsOf(key.Value)),
    ];

    /// <summary>IAM accepts <c>true</c> for <c>"true"</c>, and a single value for a list of one.</summary>
    private static ImmutableArray<string> TextsOf(PropertyValue? value) => value.At() switch
    {
        PropertyValue.Text text => [text.Value],
        PropertyValue.Bool flag => [flag.Value ? "true" : "false"],
        PropertyValue.Number number => [number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)],
        PropertyValue.List list => [.. list.Items.SelectMany(item => TextsOf(item))],
        _ => [],
    };

    private static string BaseOf(string operation)
    {
        var name = operation[(operation.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return (name.EndsWith("IfExists", IgnoreCase) ? name[..^"IfExists".Length] : name).ToLowerInvariant();
    }
}
