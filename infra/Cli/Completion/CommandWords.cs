using System.Collections.Immutable;
using System.CommandLine;
using HaCluster.Cli.Running;

namespace HaCluster.Cli.Completion;

/// <summary>The kinds of values that a shell can complete.</summary>
internal enum ValueKind
{
    /// <summary>No value, or one that cannot be completed.</summary>
    None,

    File,

    Stack,

    /// <summary>A file, or the name of a stack.</summary>
    FileOrStack,

    /// <summary>One of a few words.</summary>
    Words,
}

/// <summary>A value of an option or an argument.</summary>
internal sealed record ValueWords(ValueKind Kind, string Name, ImmutableArray<string> Words, bool IsOptional)
{
    /// <summary>Derived from its placeholder in the help.</summary>
    public static ValueWords Of(string? helpName, ArgumentArity arity)
    {
        var name = helpName ?? "";
        var kind = arity.MaximumNumberOfValues == 0 ? ValueKind.None
            : name is StackChoice.PlanOrStack or "BEFORE" or "AFTER" ? ValueKind.FileOrStack
            : name is "FILE" or "FILE|-" or "DIR" ? ValueKind.File
            : name == "NAME" ? ValueKind.None
            : name.Contains('|', StringComparison.Ordinal) && !name.Any(char.IsAsciiLetterUpper) ? ValueKind.Words
            : ValueKind.None;
        return new ValueWords(kind, name, kind == ValueKind.Words ? [.. name.Split('|')] : [], arity.MinimumNumberOfValues == 0);
    }
}

/// <param name="Names">The long one first.</param>
/// <param name="TakesValue">False for a switch.</param>
/// <param name="IsAttached">The value is taken only with <c>=</c>; the next word is an argument.</param>
internal sealed record OptionWords(ImmutableArray<string> Names, string About, bool TakesValue, bool IsAttached, ValueWords Value)
{
    public string Long => Names[0];

    public string? Short => Names.FirstOrDefault(name => name.Length == 2);
}

/// <summary>A command as completion scripts need it, derived from the command line definition.</summary>
/// <param name="Name">Empty for <c>ha</c> without a command.</param>
internal sealed record CommandWords(string Name, string About, ImmutableArray<OptionWords> Options, ImmutableArray<ValueWords> Arguments)
{
    public static ImmutableArray<CommandWords> Of(RootCommand root) => [Of(root, ""), .. root.Subcommands.Select(command => Of(command, command.Name))];

    private static CommandWords Of(Command command, string name) => new(
        name,
        Summary(command),
        [
            .. command.Options.Concat(command is RootCommand ? [] : command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
                .DistinctBy(option => option.Name).Select(option => Of(option, command)),
        ],
        [.. command.Arguments.Select(argument => ValueWords.Of(argument.HelpName ?? argument.Name, argument.Arity))]);

    private static OptionWords Of(Option option, Command command) => new(
        [option.Name, .. option.Aliases.Where(alias => alias.StartsWith('-') && char.IsAsciiLetter(alias[^1])).Except([option.Name])],
        Sentence(option.Description),
        option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0,
        TakesOnlyAttached(option, command),
        option.Name == "--stack" ? new ValueWords(ValueKind.Stack, "NAME", [], false) : ValueWords.Of(option.HelpName, option.Arity));

    /// <summary>
    /// Whether the value of an option is taken only with <c>=</c>. A value that may be missing, in a command with arguments: the next word is an argument, such
    /// as the plan to compare with, and would otherwise be the file that is written.
    /// </summary>
    public static bool TakesOnlyAttached(Option option, Command command) =>
        option.Arity is { MinimumNumberOfValues: 0, MaximumNumberOfValues: 1 } && option.ValueType != typeof(bool) && command.Arguments.Count > 0;

    /// <summary>The first sentence of what a command does.</summary>
    public static string Summary(Command command)
    {
        var text = (command.Description ?? "").ReplaceLineEndings(" ");
        var end = text.Split([". ", ": ", "; "], 2, StringSplitOptions.None)[0];
        return end.TrimEnd('.');
    }

    /// <summary>The same for an option, whose sentence may have a colon.</summary>
    private static string Sentence(string? description) => (description ?? "").ReplaceLineEndings(" ").Split([". ", "; "], 2, StringSplitOptions.None)[0].TrimEnd('.');
}
