using HaCluster.Planning;

namespace HaCluster.Cmdlets.Views;

/// <summary>Sentences that several cmdlets and views say.</summary>
public static class Texts
{
    private const int WhatIfPrefix = 9;
    private const int Indent = 4;

    /// <summary><c>45 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time) => Durations.Format(time);

    /// <summary>The plan of an operation, as <c>-WhatIf</c> shows it and a confirmation asks about it.</summary>
    /// <param name="width">Of the terminal: lines are broken between words there. 0 where there is none.</param>
    public static string Plan(OperationPlan plan, int width = 0)
    {
        var about = plan.Expected > TimeSpan.Zero ? $" (about {Duration(plan.Expected)})" : "";
        // PowerShell writes "What if: " before the first line.
        List<string> lines = [.. Lines.Wrap($"{plan.Command} {plan.Target}: {plan.Summary}{about}", width <= 0 ? int.MaxValue : width - WhatIfPrefix, Indent)];
        lines.AddRange(Columns.Of(plan.Steps.Select(step => (step.Number, step.Title, step.State switch
        {
            StepState.Unneeded => "nothing to do" + Because(step),
            StepState.Blocked => "blocked" + Because(step),
            _ => Duration(step.Expected),
        })), width));
        var notes = plan.Refusals.Select(refusal => $"  would be refused{(refusal.Forceable ? " without -Force" : "")}: {refusal}").Concat(plan.Warnings.Select(warning => $"  warning: {warning}"));
        lines.AddRange(notes.SelectMany(note => Lines.Wrap(note, width <= 0 ? int.MaxValue : width, Indent)));
        return string.Join(Environment.NewLine, lines);
    }

    private static string Because(OperationStep step) => step.Detail.Length > 0 ? $": {step.Detail}" : "";

    /// <summary>A recommendation, broken between words so that it fits behind the label that PowerShell writes before it.</summary>
    /// <param name="width">Columns of the terminal; 0 where there is none.</param>
    public static string Recommendation(string advice, int width)
    {
        const string label = "  Recommendation: ";
        return width <= label.Length * 2 ? advice : string.Join(Environment.NewLine, Lines.Wrap(label + advice, width, indent: 4))[label.Length..];
    }
}
