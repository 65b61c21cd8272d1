using System.CommandLine;
using System.CommandLine.Parsing;
using HaCluster.Cli.Completion;
using HaCluster.Cli.Terminal;

namespace HaCluster.Cli.Commands;

/// <summary>What holds for the options of every command, whatever it does.</summary>
internal static class OptionRules
{
    /// <summary>An option that says how another one works is refused without it: the other one was forgotten, or got lost in a script.</summary>
    /// <param name="reason">Why, where that needs to be said.</param>
    public static void Require(this Command command, Option option, Option needed, string? reason = null) => command.Validators.Add(result =>
    {
        if (IsGiven(option) && !IsGiven(needed))
            result.AddError($"{option.Name} needs {needed.Name}{(reason is null ? "" : $": {reason}")}");

        bool IsGiven(Option each) => result.GetResult(each) is { Implicit: false };
    });

    /// <summary>Files and directories have a name, which an unset variable of a script has not, and no file that is read is written over.</summary>
    public static void CheckPaths(Command command)
    {
        PathWord[] words =
        [
            .. command.Options.Select(option => new PathWord(option, option.HelpName ?? "", option.Arity)).Where(word => word.IsPath),
            .. command.Arguments.Select(argument => new PathWord(argument, argument.HelpName ?? argument.Name, argument.Arity)).Where(word => word.IsPath),
        ];
        var recursion = command.Options.FirstOrDefault(option => option.Name == "--recursive");
        command.Validators.Add(result =>
        {
            var withSubdirectories = recursion is not Option<bool> flag || result.GetValue(flag);
            foreach (var word in words.Where(word => word.Kind == ValueKind.File && word.ValuesIn(result).Contains("")))
                result.AddError($"{word.Symbol.Name}: '' is not the name of a {(word.Placeholder == "DIR" ? "directory" : "file")}");
            string[] read = [.. words.Where(word => word.IsRead).SelectMany(word => word.ValuesIn(result)).Where(path => path.Length > 0)];
            foreach (var word in words.Where(word => word.Placeholder == DocumentOptions.Destination))
            {
                foreach (var path in word.ValuesIn(result).Where(path => path.Length > 0 && OutputFile.IsInput(path, read, withSubdirectories)))
                    result.AddError($"{word.Symbol.Name} {path} would replace a file that is read or belongs to a Pulumi project; name another one");
            }
        });
    }

    /// <summary>
    /// The words of a command line for the parser. It would take the word after an option whose value needs <c>=</c> (<see cref="CommandWords.TakesOnlyAttached"/>),
    /// and what follows <c>--json=</c>, which a script with an unset variable has, for a missing value.
    /// </summary>
    public static string[] WordsOf(RootCommand root, string[] arguments)
    {
        var name = Array.Find(arguments, argument => !argument.StartsWith('-'));
        if (root.Subcommands.FirstOrDefault(each => each.Name == name) is not { } command)
            return arguments;
        var ends = Array.IndexOf(arguments, "--") is >= 0 and var at ? at : arguments.Length;
        return [.. arguments.SelectMany((word, index) => index < ends ? WordsOf(word, command) : [word])];
    }

    private static string[] WordsOf(string word, Command command) => IsAttached(word, command) ? [$"{word}={OutputFile.StandardOutput}"]
        : word.EndsWith('=') && command.Options.Any(option => option.Name == word[..^1]) ? [word[..^1], ""]
        : [word];

    /// <summary>The option with its value attached, where a value that was written after a blank was taken for an argument, one too many.</summary>
    public static string? Attached(Command command, string[] arguments) => arguments.TakeWhile(word => word != "--").Zip(arguments.Skip(1))
        .Where(pair => IsAttached(pair.First, command) && !pair.Second.StartsWith('-'))
        .Select(pair => $"{pair.First}={pair.Second}").FirstOrDefault();

    private static bool IsAttached(string word, Command command) => command.Options.Any(option => option.Name == word && CommandWords.TakesOnlyAttached(option, command));

    /// <summary>An option or argument whose value may be a path.</summary>
    private sealed record PathWord(Symbol Symbol, string Placeholder, ArgumentArity Arity)
    {
        public ValueKind Kind { get; } = ValueWords.Of(Placeholder, Arity).Kind;

        public bool IsPath => Kind is ValueKind.File or ValueKind.FileOrStack;

        public bool IsRead => Placeholder != DocumentOptions.Destination && Symbol.Name is not ("--out" or "--archive");

        public IEnumerable<string> ValuesIn(CommandResult result) => (Symbol switch
        {
            Option option => result.GetResult(option)?.Tokens,
            Argument argument => result.GetResult(argument)?.Tokens,
            _ => null,
        })?.Select(token => token.Value) ?? [];
    }
}
