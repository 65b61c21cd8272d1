using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Tests.Model;

/// <summary>Selectors as https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ describes them.</summary>
public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData(LabelOperator.In, "production", true)]
    [InlineData(LabelOperator.In, "qa", false)]
    [InlineData(LabelOperator.NotIn, "production", false)]
    [InlineData(LabelOperator.NotIn, "qa", true)]
    [InlineData(LabelOperator.Exists, null, true)]
    [InlineData(LabelOperator.DoesNotExist, null, false)]
    public void A_label_that_is_there(LabelOperator @operator, string? value, bool matches) =>
        Assert.Equal(matches, new LabelRequirement("environment", @operator, value is null ? [] : [value]).Matches(Labels.Of(("environment", "production"))));

    [Theory]
    [InlineData(LabelOperator.In, false)]
    [InlineData(LabelOperator.NotIn, true)]
    [InlineData(LabelOperator.Gt, false)]
    [InlineData(LabelOperator.Lt, false)]
    public void A_label_that_is_missing(LabelOperator @operator, bool matches) =>
        Assert.Equal(matches, new LabelRequirement("tier", @operator, ["1"]).Matches(Labels.Of(("environment", "production"))));

    [Theory]
    [InlineData(LabelOperator.Gt, "5", true)]
    [InlineData(LabelOperator.Gt, "7", false)]
    [InlineData(LabelOperator.Lt, "8", true)]
    [InlineData(LabelOperator.Lt, "seven", false)]
    public void Numbers_compare_as_numbers(LabelOperator @operator, string bound, bool matches) =>
        Assert.Equal(matches, new LabelRequirement("size", @operator, [bound]).Matches(Labels.Of(("size", "7"))));

    [Fact]
    public void An_empty_selector_selects_everything() => Assert.True(LabelSelector.Everything.Matches(Labels.None));
}
