using System.Collections.Immutable;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Tests.Costs;

public sealed class PriceFileTests
{
    private const string Row = "eu-central-1,nat:hour,hour,0.04,2026-01-31,contract";

    [Fact]
    public void A_row_becomes_a_price_of_ones_own()
    {
        var price = Assert.Single(Read($"# ours\n{PriceFile.Heading}\n\n{Row}\n"));
        Assert.Equal(new Price("eu-central-1", "nat:hour", "hour", 0.04m, new DateOnly(2026, 1, 31), "contract", PriceBasis.Own), price);
    }

    [Theory]
    [InlineData("", ":1:1: there is no heading")]
    [InlineData("region,item\n", ":1:1: the heading must read")]
    [InlineData("#\n" + Row + "\n", ":2:1: the heading must read")]
    [InlineData(PriceFile.Heading + "\neu-central-1,nat:hour,hour\n", ":2:28: 3 values instead of 6")]
    [InlineData(PriceFile.Heading + "\n" + Row + ",more\n", ":2:53: 7 values instead of 6")]
    [InlineData(PriceFile.Heading + "\neu-central-1,nat:hour,hour,0,04,2026-01-31,x\n", ":2:44: 7 values")]
    [InlineData(PriceFile.Heading + "\neu-central-1,nat:hour,hour,much,2026-01-31,x\n", ":2:28: usd is 'much'")]
    [InlineData(PriceFile.Heading + "\neu-central-1,nat:hour,hour,-1,2026-01-31,x\n", ":2:28: usd is '-1'")]
    [InlineData(PriceFile.Heading + "\neu-central-1,nat:hour,hour,79228162514264337593543950335,2026-01-31,x\n", ":2:28: usd is '79228162514264337593543950335'; it must be a number such as 0.0475, at most 1,000,000")]
    [InlineData(PriceFile.Heading + "\neu-central-1,nat:hour,hour,1000000.01,2026-01-31,x\n", ":2:28: usd is '1000000.01'")]
    [InlineData(PriceFile.Heading + "\neu-central-1,nat:hour,hour,1,31.01.2026,x\n", ":2:30: date is '31.01.2026'")]
    [InlineData(PriceFile.Heading + "\neu-central-1,,hour,1,2026-01-31,x\n", ":2:14: 'item' is empty")]
    [InlineData(PriceFile.Heading + "\neu-central-1, nat:hour,hour,1,2026-01-31,x\n", ":2:14: 'item' is empty, or has spaces")]
    [InlineData(PriceFile.Heading + "\n" + Row + "\n" + Row + "\n", ":3:1: 'nat:hour' in 'eu-central-1' is already in line 2")]
    public void A_malformed_file_is_refused_with_line_and_column(string text, string expected)
    {
        var exception = Assert.Throws<UnreadableInputException>(() => Read(text));
        Assert.Contains("own.csv" + expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var exception = Assert.Throws<UnreadableInputException>(() => PriceFile.ReadOwn("nowhere.csv"));
        Assert.StartsWith("nowhere.csv cannot be read", exception.Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<Price> Read(string text)
    {
        using var scratch = new Scratch();
        return PriceFile.ReadOwn(scratch.Write("own.csv", text));
    }
}
