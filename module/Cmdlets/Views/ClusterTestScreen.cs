using System.Globalization;
using System.Text;

namespace HaCluster.Cmdlets.Views;

/// <summary>The answer of <c>Test-HaCluster</c>: a line for each check, its findings below.</summary>
public static class ClusterTestScreen
{
    private const int Most = 10;
    private const int Indent = 24;

    /// <param name="width">Of the terminal; longer findings go on in the next line.</param>
    public static string Render(ClusterTest test, int width)
    {
        var text = new StringBuilder();
        void Write(string line) => text.AppendJoin(Environment.NewLine, Lines.Wrap(line, width <= 0 ? int.MaxValue : width - 1, Indent)).AppendLine();
        Write($"{test.Cluster}: {(test.Passed ? Paint.Status("Passed") : Paint.Status("Failed"))}");
        foreach (var check in test.Checks)
        {
            Write($"{check.Name,-14}{Paint.Health(check.Health, $"{check.Health,-9}")} {check.Summary}");
            foreach (var finding in check.Findings.Take(Most))
                Write($"{"",-Indent}{finding}");
            if (check.Findings.Count > Most)
                Write($"{"",-Indent}and {check.Findings.Count - Most} more");
        }

        foreach (var part in test.Proof?.Classes ?? [])
            Write(string.Create(CultureInfo.InvariantCulture, $"{"",-Indent}{part.Name}: {part.Scenarios} tried, {part.Violations} violations"));
        return text.ToString().TrimEnd();
    }
}
