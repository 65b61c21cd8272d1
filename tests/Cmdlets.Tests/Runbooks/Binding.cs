using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Runbooks;

/// <summary>Whether PowerShell would accept a script: it parses, its commands exist, and their parameters bind.</summary>
internal static class Binding
{
    public static List<string> ProblemsOf(Shell shell, string script)
    {
        var tree = Parser.ParseInput(script, out _, out var errors);
        var problems = errors.Select(error => $"{script}: {error.Message}").ToList();
        var before = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = shell.Runspace;
        try
        {
            foreach (var command in tree.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
                problems.AddRange(ProblemsOf(command, shell));
        }
        finally
        {
            Runspace.DefaultRunspace = before;
        }

        return problems;
    }

    private static List<string> ProblemsOf(CommandAst command, Shell shell)
    {
        if (command.GetCommandName() is not { } name || !name.Contains("-Ha", StringComparison.Ordinal))
            return [];
        if (shell.Run($"Get-Command {name}").Errors.Count > 0)
            return [$"{command.Extent.Text}: there is no {name}"];
        // Bindings of a command without parameters, and what a splatted table holds, are not looked at by the static binder.
        var bound = StaticParameterBinder.BindCommand(command, resolve: true);
        List<string> problems = [.. bound.BindingExceptions.Values.Select(problem => $"{command.Extent.Text}: {problem.BindingException.Message}")];
        // A name alone is a mention in a sentence.
        if (problems.Count == 0 && command.CommandElements.Count > 1 && !IsPiped(command) && !command.CommandElements.OfType<VariableExpressionAst>().Any(variable => variable.Splatted))
            problems.AddRange(Missing(shell, name, bound.BoundParameters.Keys).Select(parameter => $"{command.Extent.Text}: -{parameter} is mandatory"));
        return problems;
    }

    private static bool IsPiped(CommandAst command) => command.Parent is PipelineAst pipeline && pipeline.PipelineElements[0] != command;

    /// <summary>Mandatory parameters of the set with the fewest of them that are not given.</summary>
    private static List<string> Missing(Shell shell, string name, IEnumerable<string> given)
    {
        var command = (CmdletInfo)shell.Run($"Get-Command {name}").Clean().Output[0].BaseObject;
        ReadOnlyCollection<CommandParameterSetInfo> sets = command.ParameterSets;
        return sets.Select(set => set.Parameters.Where(parameter => parameter.IsMandatory && !given.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)).Select(parameter => parameter.Name).ToList())
            .OrderBy(missing => missing.Count).First();
    }
}
