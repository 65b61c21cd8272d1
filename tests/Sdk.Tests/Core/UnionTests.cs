using Pulumi;

namespace HaCluster.Sdk.Tests.Core;

public sealed class UnionTests
{
    [Fact]
    public void Default_is_the_default_of_the_first_type()
    {
        Union<int, string> union = default;
        Assert.True(union.IsT0);
        Assert.Equal(0, union.AsT0);
        Assert.Throws<InvalidOperationException>(() => union.AsT1);
    }

    [Fact]
    public void Same_value_as_different_types_is_not_equal()
    {
        Assert.NotEqual(Union<object, string>.FromT0("a"), Union<object, string>.FromT1("a"));
        Assert.True(Union<int, string>.FromT1("a") == "a");
        Assert.Equal(Union<int, string>.FromT1("a").GetHashCode(), ((Union<int, string>)"a").GetHashCode());
    }

    [Fact]
    public void Functions_see_the_side_that_is_there()
    {
        Union<int, string> union = "abc";
        Assert.Equal(3, union.Match(n => n, s => s.Length));
        Assert.Equal(3, union.MapT1(s => s.Length).AsT1);
        Assert.Equal("abc", union.MapT0(n => n * 1.0).AsT1);
        Assert.Equal('c', union.Bimap(n => n, s => s[2]).AsT1);
        Assert.True(union.TryPickT1(out var text, out _));
        Assert.Equal("abc", text);
        Assert.False(union.TryPickT0(out _, out var rest));
        Assert.Equal("abc", rest);
        Assert.Equal("System.String: abc", union.ToString());
    }
}
