using System.Globalization;
using HaCluster.Planning.Capacity;

namespace HaCluster.Planning.Tests.Capacity;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("500m", "0.5")]
    [InlineData("1.5", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("-2", "-2")]
    [InlineData("1Ki", "1024")]
    [InlineData("2Gi", "2147483648")]
    [InlineData("1k", "1000")]
    [InlineData("1e3", "1000")]
    [InlineData("1E3", "1000")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("1Ei", "1152921504606846976")]
    public void A_quantity_is_a_number_of_base_units(string text, string expected) =>
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), Quantity.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("1 Gi")]
    [InlineData("1gi")]
    [InlineData("1Kib")]
    [InlineData("one")]
    [InlineData("1e300")]
    [InlineData("1\n")]
    public void Anything_else_is_not_a_quantity(string text) => Assert.Null(Quantity.Parse(text));

    [Theory]
    [InlineData(0.25, "0.25")]
    [InlineData(-3e9, "-3000000000")]
    [InlineData(1e300, null)]
    [InlineData(-1e29, null)]
    [InlineData(double.NaN, null)]
    public void A_number_that_fits_no_decimal_is_not_a_quantity(double number, string? expected) => Assert.Equal(expected, Quantity.Of(number)?.ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(17179869184, "16 GiB")]
    public void Bytes_read_well(long bytes, string expected) => Assert.Equal(expected, Quantity.Bytes(bytes));
}
