using System.Globalization;
using System.Text;
using HaCluster.Cmdlets.Running;

namespace HaCluster.Cmdlets.Views;

/// <summary>How an operation ended: its steps, and what is different now.</summary>
public static class OperationScreen
{
    /// <param name="width">Of the terminal; not needed.</param>
    public static string Render(OperationResult result, int width)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Command} {result.Target}: {Paint.State(result.State)} in {Texts.Duration(result.Took)}, operation {result.Id}");
        text.AppendLine(Steps(result.Steps));
        foreach (var change in result.Changes)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {change}");
        foreach (var refusal in result.Overruled)
            text.AppendLine(CultureInfo.InvariantCulture, $"  overruled: {refusal.Reason}");
        return text.ToString().TrimEnd();
    }

    /// <summary>Longer titles are cut, so that a line with state and time fits a terminal.</summary>
    private const int LongestTitle = 64;

    public static string Steps(IReadOnlyList<OperationStep> steps)
    {
        var width = Math.Min(LongestTitle, steps.Select(step => step.Title.Length).DefaultIfEmpty(0).Max());
        return string.Join(Environment.NewLine, steps.Select(step =>
            $"  {step.Number,2}. {Paint.Short(step.Title, width).PadRight(width)}  {step.State,-8} {(step.Took is { } took ? Texts.Duration(took) : "")} {step.Detail}".TrimEnd()));
    }
}
