namespace HaCluster.Help;

/// <summary>What the help of a cmdlet lacks: a build that is not documented does not succeed.</summary>
internal static class Completeness
{
    public static IEnumerable<string> ProblemsOf(CmdletFacts cmdlet, Comments comments)
    {
        if (comments.Summary(cmdlet.Type).Length == 0)
            yield return $"{cmdlet.Name} has no summary";
        var examples = comments.Examples(cmdlet.Type);
        if (examples.Count == 0)
            yield return $"{cmdlet.Name} has no example";
        if (examples.Any(example => example.Title.Length == 0 || !example.Code.Contains(cmdlet.Name, StringComparison.Ordinal)))
            yield return $"{cmdlet.Name} has an example without a title, or that does not use it";
        foreach (var parameter in cmdlet.Parameters.Where(parameter => comments.Summary(parameter.Property).Length == 0))
            yield return $"{cmdlet.Name} -{parameter.Name} has no summary";
    }
}
