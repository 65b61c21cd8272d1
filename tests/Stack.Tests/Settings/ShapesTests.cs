using System.Reflection;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Tests.Settings;

public class ShapesTests
{
    private static readonly Dictionary<string, Shape> All = typeof(Shapes)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Where(property => property.PropertyType == typeof(Shape))
        .ToDictionary(property => property.Name, property => (Shape)property.GetValue(null)!);

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_examples_match_and_longer_texts_around_them_do_not(string name)
    {
        var shape = All[name];
        Assert.NotEmpty(shape.Examples);
        foreach (var example in shape.Examples)
        {
            Assert.Null(shape.Fault(example));
            foreach (var wrong in new[] { example + "\n", example + "\r\n", "\n" + example, example + "\0", example + "\u2028" })
                Assert.NotNull(shape.Fault(wrong));
        }
    }

    [Property(MaxTest = 300)]
    public Property No_shape_takes_a_newline_at_the_end() => Prop.ForAll(
        (from shape in Gen.Elements(All.Values.ToArray())
         from example in Gen.Elements(shape.Examples.AsEnumerable().ToArray())
         from length in Gen.Choose(0, example.Length)
         from letter in Gen.Elements("a", "1", "-", "z.")
         select (shape, text: example[..length] + letter + "\n")).ToArbitrary(),
        pair => pair.shape.Fault(pair.text) is not null);

    [Fact]
    public void No_pattern_of_the_program_ends_with_a_dollar() => Assert.All(
        typeof(Shapes).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<GeneratedRegexAttribute>()?.Pattern)
            .OfType<string>(),
        pattern => Assert.False(pattern.StartsWith('^') && !pattern.EndsWith(@"\z", StringComparison.Ordinal), pattern));

    [Theory]
    [InlineData("* * * *", "five fields")]
    [InlineData("@daily", "five fields")]
    [InlineData("60 * * * *", "write minute")]
    [InlineData("*/0 * * * *", "write minute")]
    [InlineData("0 0 * * 7", "write 0 for Sunday")]
    [InlineData("0 0 * * 5-7", "write 0 for Sunday")]
    [InlineData("0 22-2 * * *", "22-2 ends before it begins")]
    [InlineData("0 0 31 2 *", "it would never run")]
    [InlineData("0 0 L * *", "five fields")]
    public void A_schedule_that_Kubernetes_refuses_or_never_runs_is_refused(string cron, string message) =>
        Assert.Contains(message, Shapes.Cron.Fault(cron), StringComparison.Ordinal);

    [Theory]
    [InlineData("*/15 * * * *")]
    [InlineData("0 0 29 2 *")]
    [InlineData("0,30 8-18/2 1-7 * MON-FRI")]
    [InlineData("17 3 * * 0,6")]
    public void A_plain_schedule_passes(string cron) => Assert.Null(Shapes.Cron.Fault(cron));

    [Theory]
    [InlineData("nginx", "means latest")]
    [InlineData("nginx:latest", "a rollback is impossible")]
    [InlineData("registry.example:5000/nginx", "means latest")]
    [InlineData("https://registry.example/nginx:1", "is expected here")]
    [InlineData("Registry/NGINX:1", "is expected here")]
    public void An_image_must_be_pinned(string image, string message) => Assert.Contains(message, Shapes.PinnedImage.Fault(image), StringComparison.Ordinal);

    [Theory]
    [InlineData("24h", 86_400)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    public void Times_are_read(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Shapes.ParseDuration(text));

    [Theory]
    [InlineData("0s")]
    [InlineData("25h")]
    [InlineData("999999h")]
    [InlineData("1d")]
    public void Times_out_of_reach_are_refused(string text) => Assert.NotNull(Shapes.Duration.Fault(text));
}
