using FsCheck.Xunit;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HaCluster.Engine.Values;
using HaCluster.Wire;

namespace HaCluster.Engine.Tests.Values;

public sealed class PropertyValueCodecTests
{
    [Property(Arbitrary = [typeof(PropertyValueArbitrary)], MaxTest = 500)]
    public void What_is_written_is_read_again(PropertyValue value)
    {
        var bytes = PropertyValueWriter.Write(value).ToByteArray();
        Assert.Equal(value, PropertyValueReader.Read((Value)MessageMarshaller.Parse(Value.Parser, bytes), dropNulls: false));
    }

    [Property(Arbitrary = [typeof(PropertyValueArbitrary)])]
    public void Flattened_values_have_no_output_values_and_as_many_unknowns(PropertyValue value)
    {
        var flat = value.Flatten();
        Assert.Equal(value.ContainsUnknowns(), flat.ContainsUnknowns());
        Assert.DoesNotContain(Signatures.OutputValue, PropertyValueWriter.Write(flat).ToString(), StringComparison.Ordinal);
        Assert.Equal(flat, flat.Flatten());
    }

    [Theory]
    [InlineData(UnknownSentinels.String)]
    [InlineData(UnknownSentinels.Boolean)]
    [InlineData(UnknownSentinels.Number)]
    [InlineData(UnknownSentinels.Array)]
    [InlineData(UnknownSentinels.Asset)]
    [InlineData(UnknownSentinels.Archive)]
    [InlineData(UnknownSentinels.Object)]
    public void Every_sentinel_is_an_unknown(string sentinel) =>
        Assert.IsType<PropertyValue.Unknown>(PropertyValueReader.Read(Value.ForString(sentinel)));

    [Fact]
    public void Null_entries_are_dropped_and_null_items_kept()
    {
        var read = PropertyValueReader.Read(new Struct
        {
            Fields = { ["gone"] = Value.ForNull(), ["list"] = Value.ForList(Value.ForNull(), Value.ForNumber(1)) },
        });

        Assert.Equal(["list"], read.Keys);
        Assert.Equal(PropertyMap.ListOf(PropertyValue.Null.Instance, new PropertyValue.Number(1)), read["list"]);
    }

    [Fact]
    public void Archives_of_assets_survive()
    {
        var archive = new PropertyValue.Archive("assets", null, PropertyMap.Of(("a", new PropertyValue.Asset("text", "")), ("b", new PropertyValue.Archive("path", "./b", null))).Entries);
        var read = Assert.IsType<PropertyValue.Archive>(PropertyValueReader.Read(PropertyValueWriter.Write(archive)));

        Assert.Equal(archive.Assets, read.Assets);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData(Signatures.Secret)]
    [InlineData(Signatures.ResourceReference)]
    public void A_malformed_special_value_is_an_error(string signature) => Assert.Throws<FormatException>(
        () => PropertyValueReader.Read(Value.ForStruct(new Struct { Fields = { [Signatures.Key] = Value.ForString(signature) } })));
}
