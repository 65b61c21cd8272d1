using System.Globalization;
using System.Text;

namespace HaCluster.Cmdlets.Views;

/// <summary>The answer of <c>Test-HaCluster</c>: a line for each check, its findings below.</summary>
public static class ClusterTestScreen
{
    private const int Most = 10;

    /// <param name="width">Of the terminal; long findings wrap by themselves.</param>
    public static string Render(ClusterTest test, int width)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{test.Cluster}: {(test.Passed ? Paint.Status("Passed") : Paint.Status("Failed"))}");
        foreach (var check in test.Checks)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{check.Name,-14}{Paint.Health(check.Health, $"{check.Health,-9}")} {check.Summary}");
            foreach (var finding in check.Findings.Take(Most))
                text.AppendLine(CultureInfo.InvariantCulture, $"{"",-24}{finding}");
            if (check.Findings.Count > Most)
                text.AppendLine(CultureInfo.InvariantCulture, $"{"",-24}and {check.Findings.Count - Most} more");
        }

        foreach (var part in test.Proof?.Classes ?? [])
            text.AppendLine(CultureInfo.InvariantCulture, $"{"",-24}{part.Name}: {part.Scenarios} tried, {part.Violations} violations");
        return text.ToString().TrimEnd();
    }
}
