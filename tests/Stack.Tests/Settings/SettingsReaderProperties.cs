using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Tests.Settings;

public class SettingsReaderProperties
{
    private static readonly string[] Keys =
        ["zones", "nat", "vpcCidr", "name", "network", "cluster", "nodePools", "quotas", "namespaces", "tags", "min", "max", "general", "x", ""];

    [Property(MaxTest = 500)]
    public Property No_value_of_any_shape_makes_it_throw() => Prop.ForAll(Json().ToArbitrary(), json =>
    {
        var (settings, problems) = Configuration.Read(json);

        // What it settles on is usable whatever was wrong.
        Assert.InRange(settings.Zones, 2, 6);
        Assert.Equal(settings.Zones, settings.Network.Plan.Zones);
        Assert.All(problems, problem => Assert.StartsWith("ha-cluster:", problem, StringComparison.Ordinal));
    });

    [Property]
    public bool A_name_of_no_setting_is_always_reported(NonEmptyString name)
    {
        var key = "zz-" + name.Get.Trim();
        var (_, problems) = Configuration.Read(JsonSerializer.Serialize(new Dictionary<string, int> { [key] = 1 }));
        return problems.Count(problem => problem.StartsWith($"ha-cluster:{key} is not a setting; ", StringComparison.Ordinal)) == 1;
    }

    [Property]
    public Property One_slip_in_a_name_is_forgiven_with_the_right_hint() => Prop.ForAll(
        (from name in Gen.Elements(StackSettings.Names.Where(name => name.Length > 3).ToArray())
         from at in Gen.Choose(0, name.Length - 1)
         select (name, slip: name.Remove(at, 1))).ToArbitrary(),
        pair => StackSettings.Names.Contains(pair.slip) || Configuration.Read(JsonSerializer.Serialize(new Dictionary<string, int> { [pair.slip] = 1 })).Problems
            .Contains($"ha-cluster:{pair.slip} is not a setting; did you mean {pair.name}?"));

    [Property]
    public Property A_quantity_is_written_as_it_was_read() => Prop.ForAll(
        (from number in Gen.Choose(0, 1_000_000)
         from suffix in Gen.Elements("", "m", "k", "M", "G", "Ki", "Mi", "Gi", "Ti")
         select $"{number}{suffix}").ToArbitrary(),
        text => Quantity.TryParse(text, out var quantity) && quantity.ToString() == text && quantity == Quantity.Parse(text));

    private static Gen<string> Json() => Value(3).Select(value => JsonSerializer.Serialize(value is Dictionary<string, object?> ? value : new Dictionary<string, object?>()));

    private static Gen<object?> Value(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Choose(-5, 500).Select(number => (object?)number),
            Gen.Elements<object?>(true, false, null, 1.5, "", "10.0.0.0/16", "0.0.0.0/0", "perZone", "16Gi", "400m", "m7i.large", "[", "{", "{}"));
        if (depth == 0)
            return leaf;

        var map = Gen.ListOf(Gen.Zip(Gen.Elements(Keys), Value(depth - 1))).Select(pairs =>
        {
            var dictionary = new Dictionary<string, object?>();
            foreach (var (key, value) in pairs)
                dictionary[key] = value;
            return (object?)dictionary;
        });
        var list = Gen.ListOf(Value(depth - 1)).Select(items => (object?)items.ToArray());
        return depth == 3 ? map : Gen.OneOf(leaf, list, map);
    }
}
