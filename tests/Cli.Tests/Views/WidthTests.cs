using HaCluster.Cli.Tests.Processes;
using Spectre.Console;

namespace HaCluster.Cli.Tests.Views;

/// <summary>The largest views on narrow terminals: nothing is cut, and nothing is longer than a line.</summary>
public sealed class WidthTests
{
    [Theory]
    [InlineData("plan --stack prod")]
    [InlineData("prove --stack prod")]
    [InlineData("cost --stack prod")]
    [InlineData("cost --stack prod --against dev")]
    public void A_view_comes_whole_at_every_width(string command)
    {
        var words = command.Split(' ');
        var whole = Letters(HaInProcess.Run(Ha.Program, HaInProcess.Unwrapped, words).Output);
        foreach (var width in new[] { 60, 70, 80, 100 })
        {
            var result = HaInProcess.Run(Ha.Program, width, words);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            var lines = result.Output.Split('\n');
            Assert.DoesNotContain('…', result.Output);
            Assert.All(lines, line => Assert.True(line.GetCellWidth() <= width, $"{width}: {line}"));
            // Cells are wrapped beside each other, so the words come in another order; and where they are below each other, headings come again.
            var shown = Letters(result.Output);
            Assert.All(whole, letter => Assert.True(shown[letter.Key] >= letter.Value, $"{width}: of '{letter.Key}' some are lost"));
        }
    }

    /// <summary>How often each occurs. Digits are left out, since they also say how long a run took.</summary>
    private static Dictionary<char, int> Letters(string text) => text.Where(char.IsLetter).CountBy(letter => letter).ToDictionary();
}
