using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace HaCluster.Services;

/// <summary>What is wrong with a command line before anything looks at what its values mean, and what to write instead.</summary>
internal static class ArgumentErrors
{
    /// <param name="program">As a person writes it.</param>
    /// <returns>Null: nothing is wrong.</returns>
    public static string? Find(ParseResult parsed, string program) => parsed.Errors is [var first, ..]
        ? parsed.UnmatchedTokens is [var word, ..] ? $"'{word}' is not an argument of {program}" : Explain(first)
        : EmptyValue(parsed);

    /// <summary>A script writes one when its variable is not set: it is not the current folder, nor the default.</summary>
    private static string? EmptyValue(ParseResult parsed)
    {
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
        {
            foreach (var result in command.Children)
            {
                if (result.Tokens.All(token => token.Value.Length > 0))
                    continue;
                return result is OptionResult { Option: var option } ? $"{option.Name} is empty; write {option.Name} {option.HelpName}" : $"{(result as ArgumentResult)?.Argument.Name} is empty";
            }
        }

        return null;
    }

    private static string Explain(ParseError error) => error.SymbolResult switch
    {
        CommandResult { Command: { Subcommands.Count: > 0 } command } => $"{command.Name} needs a command: {string.Join(", ", command.Subcommands.Select(one => one.Name))}",
        ArgumentResult { Argument: { Description: [var first, ..] } argument } => $"{argument.Name} is missing: {char.ToLowerInvariant(first)}{argument.Description[1..].TrimEnd('.')}",
        OptionResult { Option: { Required: true } option, IdentifierTokenCount: 0 } => $"{option.Name} is missing; write {option.Name} {option.HelpName}",
        OptionResult { Option: { HelpName: { } value } option, Tokens: [] } => $"{option.Name} needs a value; write {option.Name} {value}",
        OptionResult { Option: var option, Tokens: [var token, ..] } when IsWhole(option.ValueType) => string.Create(CultureInfo.InvariantCulture, $"{option.Name} is '{token.Value}'; write a whole number"),
        _ => error.Message,
    };

    private static bool IsWhole(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var one && (one == typeof(int) || one == typeof(long));
}
