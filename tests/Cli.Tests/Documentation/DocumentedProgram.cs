using System.CommandLine;
using HaCluster.Cli.Commands;
using HaCluster.Cli.Terminal;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>The programs of this repository with commands and options, each with its own command line.</summary>
internal sealed record DocumentedProgram(string Name, string Project, RootCommand Root)
{
    public static DocumentedProgram Ha { get; } = new("ha", "infra/Cli", HaCommandLine.Create(new Terminals(new TestConsole(), new TestConsole(), () => Stream.Null)));

    private static readonly DocumentedProgram[] All =
    [
        Ha,
        new("payments", "infra/Services/Payments", Payments.Arguments.CommandLine.Create(TextWriter.Null, TextWriter.Null)),
        new("ledger", "infra/Services/Ledger", Ledger.Arguments.CommandLine.Create(TextWriter.Null, TextWriter.Null)),
    ];

    /// <returns>Null: it is the program of somebody else.</returns>
    public static DocumentedProgram? Named(string name) => Array.Find(All, program => program.Name == name);

    public static DocumentedProgram? OfProject(string project) => Array.Find(All, program => program.Project == project);

    /// <param name="assembly">With its folder: <c>infra/Cli/bin/Debug/net10.0/ha.dll</c>.</param>
    public static DocumentedProgram? OfAssembly(string assembly) => Array.Find(All, program => Path.GetFileName(assembly) == $"{program.Name}.dll");

    /// <summary>What it says of a whole command line.</summary>
    public IEnumerable<string> Refused(IReadOnlyList<string> arguments) => Root.Parse(arguments).Errors.Select(error => error.Message);

    /// <summary>Text shows commands as a synopsis does: <c>ha prove [--fix [N]]</c>, <c>ledger hold list</c>.</summary>
    public IEnumerable<string> UnknownInSynopsis(IReadOnlyList<string> words)
    {
        Command command = Root;
        var (path, rest) = (Name, words);
        while (rest is [var name, ..] && command.Subcommands.FirstOrDefault(each => each.Name == name) is { } sub)
            (command, path, rest) = (sub, $"{path} {name}", [.. rest.Skip(1)]);
        if (rest is [var word, ..] && command.Subcommands.Count > 0 && command.Arguments.Count == 0 && char.IsAsciiLetterLower(word[0]))
            return [$"{path} has no command {word}"];
        var known = command.Parents.OfType<Command>().Append(command).SelectMany(each => each.Options).SelectMany(option => option.Aliases.Append(option.Name)).ToHashSet(StringComparer.Ordinal);
        return rest.Where(option => option.StartsWith('-') && option.Length > 1).Select(option => option.Split('=')[0]).Where(option => !known.Contains(option)).Select(option => $"{path} has no option {option}");
    }
}
