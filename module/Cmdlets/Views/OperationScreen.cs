using System.Globalization;
using System.Text;

namespace HaCluster.Cmdlets.Views;

/// <summary>How an operation ended: its steps, and what is different now.</summary>
public static class OperationScreen
{
    /// <param name="width">Of the terminal; 0 where there is none.</param>
    public static string Render(OperationResult result, int width)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Command} {result.Target}: {Paint.State(result.State)} in {Texts.Duration(result.Took)}, operation {result.Id}");
        text.AppendLine(Steps(result.Steps, width <= 0 ? 0 : width - 1));
        foreach (var change in result.Changes)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {change}");
        foreach (var refusal in result.Overridden)
            text.AppendLine(CultureInfo.InvariantCulture, $"  overridden: {refusal.Reason}");
        return text.ToString().TrimEnd();
    }

    /// <param name="width">Columns that the steps may take; 0 for as many as they need.</param>
    public static string Steps(IReadOnlyList<OperationStep> steps, int width = 0) => string.Join(Environment.NewLine, Columns.Of(
        steps.Select(step => (step.Number, step.Title, $"{step.State,-8} {(step.Took is { } took ? Texts.Duration(took) : "")} {step.Detail}".TrimEnd())), width));
}
