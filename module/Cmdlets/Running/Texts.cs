using System.Globalization;
using System.Text;

namespace HaCluster.Cmdlets.Running;

/// <summary>Sentences that several cmdlets and views say.</summary>
public static class Texts
{
    /// <summary><c>45 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "under 1 s",
        { TotalSeconds: < 59.5 } => Number(Math.Round(time.TotalSeconds), "s"),
        { TotalMinutes: < 60 } => Pair((int)time.TotalMinutes, "min", time.Seconds, "s"),
        { TotalHours: < 24 } => Pair((int)time.TotalHours, "h", time.Minutes, "min"),
        _ => Pair((int)time.TotalDays, "d", time.Hours, "h"),
    };

    /// <summary>The plan of an operation, as <c>-WhatIf</c> shows it and a confirmation asks about it.</summary>
    public static string Plan(OperationPlan plan)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{plan.Command} {plan.Target}: {plan.Summary}");
        if (plan.Expected > TimeSpan.Zero)
            text.Append(CultureInfo.InvariantCulture, $" (about {Duration(plan.Expected)})");
        var width = plan.Steps.Select(step => step.Title.Length).DefaultIfEmpty(0).Max();
        foreach (var step in plan.Steps)
        {
            var note = step.State switch
            {
                StepState.Unneeded => "nothing to do" + Because(step),
                StepState.Blocked => "blocked" + Because(step),
                _ => Duration(step.Expected),
            };
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {step.Number,2}. {step.Title.PadRight(width)}  {note}");
        }

        foreach (var refusal in plan.Refusals)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  would be refused{(refusal.Forceable ? " without -Force" : "")}: {refusal}");
        foreach (var warning in plan.Warnings)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  warning: {warning}");
        return text.ToString();
    }

    private static string Because(OperationStep step) => step.Detail.Length > 0 ? $": {step.Detail}" : "";

    private static string Pair(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";

    private static string Number(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0} {unit}");
}
