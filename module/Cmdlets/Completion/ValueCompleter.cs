using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace HaCluster.Cmdlets.Completion;

/// <summary>Completes a value from a list; a list that cannot be had completes nothing, and never an error into the command line.</summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete.Trim('\'', '"');
        var pattern = new WildcardPattern(WildcardPattern.Escape(word) + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        try
        {
            return [.. Values(fakeBoundParameters).Where(value => pattern.IsMatch(value.Name)).DistinctBy(value => value.Name, StringComparer.OrdinalIgnoreCase)
                .OrderBy(value => value.Name, StringComparer.Ordinal)
                .Select(value => new CompletionResult(Quoted(value.Name), value.Name, CompletionResultType.ParameterValue, value.Tip.Length > 0 ? value.Tip : value.Name))];
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or StackOverflowException))
        {
            return [];
        }
    }

    /// <param name="bound">The parameters that the line has so far.</param>
    protected abstract IEnumerable<(string Name, string Tip)> Values(IDictionary bound);

    private static string Quoted(string value) =>
        value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
