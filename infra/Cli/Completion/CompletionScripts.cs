using System.Collections.Immutable;

namespace HaCluster.Cli.Completion;

/// <summary>The completion script of each shell. The words are part of the script: completion does not start <c>ha</c>.</summary>
internal static class CompletionScripts
{
    public static ImmutableArray<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    public static string For(string shell, ImmutableArray<CommandWords> commands) => shell switch
    {
        "bash" => Bash(commands),
        "zsh" => Zsh(commands),
        "fish" => Fish(commands),
        "pwsh" => PowerShell(commands),
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "no script for this shell"),
    };

    private static string Bash(ImmutableArray<CommandWords> commands) => $$"""
        # Completion of ha for bash. To load it in each shell, add to ~/.bashrc:  source <(ha completion bash)
        # Names of files are text of others: only those that ha takes as stacks are offered, and no word is ever expanded.
        _ha_stacks() {
            local file
            for file in Pulumi.*.yaml Pulumi.*.yml; do
                [ -e "$file" ] || continue
                file=${file#Pulumi.}
                file=${file%.*}
                [[ $file == *[!A-Za-z0-9_.-]* ]] || printf '%s\n' "$file"
            done
        }
        _ha_offer() {
            local word
            while IFS= read -r word; do
                [[ $word != "$current"* ]] || COMPREPLY+=("$word")
            done
        }
        _ha_files() {
            # With it bash quotes what it inserts. A bash without it (3.2, of macOS) offers files by itself where no stack fits.
            compopt -o filenames 2> /dev/null || return 0
            local word
            while IFS= read -r word; do
                COMPREPLY+=("$word")
            done < <(compgen -f -- "$current")
        }
        _ha() {
            local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= attached= word
            COMPREPLY=()
            # bash splits --stack=dev at the sign.
            if [[ $current == = ]]; then
                current= attached=yes
            elif [[ $previous == = ]] && (( COMP_CWORD > 2 )); then
                attached=yes
                previous=${COMP_WORDS[COMP_CWORD-2]}
            fi
            for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                case $word in
                    {{string.Join('|', Names(commands))}}) command=$word; break ;;
                esac
            done
            # Without an answer here bash offers files.
            case "$command:$previous" in
        {{Lines(BashValues(commands), 8)}}
            esac
            # Of an option whose values are files: an argument never follows the sign.
            [[ -z $attached ]] || return 0
            case "$command:$current" in
        {{Lines(commands.Select(command => $"{command.Name}:-*) {BashOffer(OptionNames(command))} ;;"), 8)}}
                :*) {{BashOffer(string.Join(' ', Names(commands)))}} ;;
        {{Lines(BashArguments(commands), 8)}}
            esac
        }
        complete -o bashdefault -o default -F _ha ha

        """;

    private static IEnumerable<string> BashValues(ImmutableArray<CommandWords> commands) =>
        from command in commands
        from option in command.Options
        where option.TakesValue
        select $"{string.Join('|', option.Names.Select(name => $"{command.Name}:{name}"))}) {BashValue(option.Value)}{(option.Value.IsOptional ? "" : "return ")};;";

    private static IEnumerable<string> BashArguments(ImmutableArray<CommandWords> commands) =>
        from command in commands
        where command.Arguments is [{ Kind: not (ValueKind.None or ValueKind.File) }, ..]
        select $"{command.Name}:*) {BashValue(command.Arguments[0])};;";

    private static string BashValue(ValueWords value) => value.Kind switch
    {
        ValueKind.Stack => "_ha_offer < <(_ha_stacks); ",
        ValueKind.FileOrStack => "_ha_offer < <(_ha_stacks); _ha_files; ",
        ValueKind.Words => $"{BashOffer(string.Join(' ', value.Words))}; ",
        _ => "",
    };

    /// <param name="words">Of the command line itself, without anything that a shell expands.</param>
    private static string BashOffer(string words) => $"_ha_offer < <(printf '%s\\n' {words})";

    private static string Zsh(ImmutableArray<CommandWords> commands) => $$"""
        #compdef ha
        # Completion of ha for zsh. Write it to a folder of $fpath:  ha completion zsh > "${fpath[1]}/_ha"
        _ha_stacks() {
            local -a stacks
            stacks=(Pulumi.*.yaml(N) Pulumi.*.yml(N))
            stacks=(${${stacks#Pulumi.}%.*})
            compadd -- ${stacks:#*[^A-Za-z0-9_.-]*}
        }
        _ha_files_or_stacks() {
            _alternative 'stacks:stack:_ha_stacks' 'files:file:_files'
        }
        _ha_commands() {
            local -a commands
            commands=(
        {{Lines(commands.Where(command => command.Name.Length > 0).Select(command => $"'{command.Name}:{ZshText(command.About)}'"), 8)}}
            )
            _describe command commands
        }
        _ha() {
            local context state state_descr line
            typeset -A opt_args
            _arguments -C {{string.Join(' ', commands[0].Options.Select(ZshOption))}} '1: :_ha_commands' '*:: :->arguments' && return
            [[ $state == arguments ]] || return
            case $words[1] in
        {{Lines(commands.Where(command => command.Name.Length > 0).Select(ZshCommand), 8)}}
            esac
        }
        if [[ $funcstack[1] == _ha ]]; then
            _ha "$@"
        else
            compdef _ha ha
        fi

        """;

    // Equal arguments are one of which there may be several.
    private static string ZshCommand(CommandWords command) =>
        $"{command.Name}) _arguments {string.Join(' ', command.Options.Select(ZshOption).Concat(command.Arguments.Select((value, at) => ZshArgument(value, command.Arguments.Length == 1 ? "*" : $"{at + 1}"))))} ;;";

    private static string ZshOption(OptionWords option)
    {
        // With "=", the value of a long option may follow it in the same word or in the next.
        // With "=-", only in the same word.
        var sign = option switch { { TakesValue: false } => "", { IsAttached: true } => "=-", { Value.IsOptional: true } => "", _ => "=" };
        var spellings = option.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? name + sign : name).ToArray();
        var names = spellings.Length == 1 ? spellings[0] : $"({string.Join(' ', option.Names)})'{{{string.Join(',', spellings)}}}'";
        var value = !option.TakesValue ? "" : $"{(option.Value.IsOptional ? "::" : ":")}{Label(option.Value)}:{ZshValue(option.Value)}";
        return $"'{names}[{ZshText(option.About)}]{value}'";
    }

    private static string ZshText(string text) => text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace("'", "'\\''", StringComparison.Ordinal);

    /// <param name="place">Its number, or <c>*</c> for all that follow; zsh takes that only once.</param>
    private static string ZshArgument(ValueWords value, string place) => $"'{place}:{Label(value)}:{ZshValue(value)}'";

    private static string ZshValue(ValueWords value) => value.Kind switch
    {
        ValueKind.File => "_files",
        ValueKind.Stack => "_ha_stacks",
        ValueKind.FileOrStack => "_ha_files_or_stacks",
        ValueKind.Words => $"({string.Join(' ', value.Words)})",
        _ => " ",
    };

    private static string Label(ValueWords value) => value.Name.Length == 0 ? "value" : value.Name.Replace('|', ' ');

    private static string Fish(ImmutableArray<CommandWords> commands) => $$"""
        # Completion of ha for fish. Write it to:  ha completion fish > ~/.config/fish/completions/ha.fish
        function __ha_stacks
            for file in Pulumi.*.yaml Pulumi.*.yml
                string replace -rf '^Pulumi\.([A-Za-z0-9_.-]+)\.ya?ml$' '$1' -- $file
            end
        end
        complete -c ha -f
        {{Lines(commands.SelectMany(FishCommand), 0)}}

        """;

    private static IEnumerable<string> FishCommand(CommandWords command)
    {
        var isRoot = command.Name.Length == 0;
        var when = isRoot ? "__fish_use_subcommand" : $"__fish_seen_subcommand_from {command.Name}";
        if (!isRoot)
            yield return $"complete -c ha -n __fish_use_subcommand -a {command.Name} -d '{FishText(command.About)}'";
        foreach (var option in command.Options)
        {
            var names = string.Concat(option.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}"));
            var value = !option.TakesValue ? "" : option.Value.IsOptional ? FishValue(option.Value)
                : $" {(option.Value.Kind is ValueKind.File or ValueKind.FileOrStack ? "-r" : "-x")}{FishValue(option.Value)}";
            yield return $"complete -c ha -n '{when}'{names}{value} -d '{FishText(option.About)}'";
        }

        foreach (var argument in command.Arguments.Where(argument => argument.Kind != ValueKind.None))
            yield return $"complete -c ha -n '{when}'{FishValue(argument)}";
    }

    private static string FishText(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);

    private static string FishValue(ValueWords value) => value.Kind switch
    {
        ValueKind.File => " -F",
        ValueKind.Stack => " -a '(__ha_stacks)'",
        ValueKind.FileOrStack => " -F -a '(__ha_stacks)'",
        ValueKind.Words => $" -a '{string.Join(' ', value.Words)}'",
        _ => "",
    };

    private static string PowerShell(ImmutableArray<CommandWords> commands) => $$"""
        # Completion of ha for PowerShell. Add to $PROFILE:  ha completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName ha -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $about = @{
        {{Lines(commands.Select(command => $"'{command.Name}' = '{PowerShellText(command.About)}'"), 8)}}
            }
            $options = @{
        {{Lines(commands.Select(command => $"'{command.Name}' = @({string.Join(", ", command.Options.Select(option => $"@('{option.Long}', '{PowerShellText(option.About)}')"))})"), 8)}}
            }
            $values = @{
        {{Lines(PowerShellValues(commands), 8)}}
            }
            $stacks = { Get-ChildItem -Name | ForEach-Object { if ($_ -cmatch '^Pulumi\.([A-Za-z0-9_.-]+)\.ya?ml$') { $Matches[1] } } }
            $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
            $command = "$(@($before | Select-Object -Skip 1 | Where-Object { $_ -and $about.ContainsKey($_) })[0])"
            $words = $values["$command$($before[-1])"]
            if ($null -eq $words -and $command -and -not $wordToComplete.StartsWith('-')) { $words = $values["$command"] }
            if ($null -ne $words) {
                foreach ($word in @($words | ForEach-Object { if ($_ -eq '<stack>') { & $stacks } else { $_ } })) {
                    if ($word -like "$wordToComplete*") { [System.Management.Automation.CompletionResult]::new($word) }
                }
                return
            }
            $offered = if ($command -or $wordToComplete.StartsWith('-')) { $options["$command"] }
                else { @($about.Keys | Where-Object { $_ } | Sort-Object | ForEach-Object { , @($_, $about[$_]) }) }
            foreach ($entry in $offered) {
                if ($entry[0] -like "$wordToComplete*") {
                    [System.Management.Automation.CompletionResult]::new($entry[0], $entry[0], 'ParameterValue', $(if ($entry[1]) { $entry[1] } else { $entry[0] }))
                }
            }
        }

        """;

    private static string PowerShellText(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    /// <summary>Without suggestions PowerShell completes file names by itself.</summary>
    private static IEnumerable<string> PowerShellValues(ImmutableArray<CommandWords> commands)
    {
        foreach (var command in commands)
        {
            foreach (var option in command.Options.Where(option => Words(option.Value) is not null))
            {
                foreach (var name in option.Names)
                    yield return $"'{command.Name}{name}' = @({Words(option.Value)})";
            }

            if (command.Arguments is [var argument, ..] && Words(argument) is { } words)
                yield return $"'{command.Name}' = @({words})";
        }

        static string? Words(ValueWords value) => value.Kind switch
        {
            ValueKind.Stack or ValueKind.FileOrStack => "'<stack>'",
            ValueKind.Words => string.Join(", ", value.Words.Select(word => $"'{word}'")),
            _ => null,
        };
    }

    private static IEnumerable<string> Names(ImmutableArray<CommandWords> commands) => commands.Select(command => command.Name).Where(name => name.Length > 0);

    private static string OptionNames(CommandWords command) => string.Join(' ', command.Options.SelectMany(option => option.Names));

    private static string Lines(IEnumerable<string> lines, int indent) => string.Join('\n', lines.Select(line => new string(' ', indent) + line));
}
