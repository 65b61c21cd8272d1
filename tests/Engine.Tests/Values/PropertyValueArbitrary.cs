using FsCheck;
using FsCheck.Fluent;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Tests.Values;

/// <summary>Values of every kind, nested.</summary>
public static class PropertyValueArbitrary
{
    public static Arbitrary<PropertyValue> Values() => Arb.From(Gen.Sized(size => Value(Math.Min(size, 4))));

    private static Gen<PropertyValue> Value(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Constant<PropertyValue>(PropertyValue.Null.Instance),
            Gen.Constant<PropertyValue>(PropertyValue.Unknown.Instance),
            ArbMap.Default.GeneratorFor<bool>().Select(flag => (PropertyValue)new PropertyValue.Bool(flag)),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(number => (PropertyValue)new PropertyValue.Number(number.Get)),
            Texts().Select(text => (PropertyValue)new PropertyValue.Text(text)),
            Texts().Select(urn => (PropertyValue)new PropertyValue.Reference(urn, null)),
            Texts().Select(id => (PropertyValue)new PropertyValue.Reference("urn", id)),
            Asset());
        if (depth == 0)
            return leaf;
        var inner = Value(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.ListOf(3).Select(items => (PropertyValue)new PropertyValue.List([.. items])),
            Entries(inner).Select(entries => (PropertyValue)PropertyMap.Of(entries)),
            inner.Select(value => (PropertyValue)new PropertyValue.Secret(value)),
            inner.SelectMany(value => Texts().Select(urn => (PropertyValue)new PropertyValue.Output(
                value is PropertyValue.Unknown ? null : value, urn.Length % 2 == 0, [urn]))));
    }

    private static Gen<PropertyValue> Asset() => Gen.Elements("text", "path", "uri")
        .SelectMany(kind => Texts().Select(text => (PropertyValue)new PropertyValue.Asset(kind, text)));

    private static Gen<IEnumerable<(string, PropertyValue)>> Entries(Gen<PropertyValue> inner) =>
        inner.ListOf(3).Select(values => values.Select((value, index) => ($"key {index}", value)));

    private static Gen<string> Texts() => ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => Wellformed(text.Get));

    /// <summary>Protobuf strings are UTF-8 and cannot hold half a surrogate pair.</summary>
    private static string Wellformed(string text) => string.Concat(text.Where(one => !char.IsSurrogate(one)));
}
