using System.Collections.Immutable;

namespace HaCluster.Planning.Stacks;

/// <summary>The configuration of a program for one stack: the stack file over the defaults of <c>Pulumi.yaml</c>, as Pulumi merges them.</summary>
public sealed record StackSettings
{
    public required string Stack { get; init; }

    public required string StackFilePath { get; init; }

    /// <summary>Full key to text; structured values are JSON. Secrets are <see cref="ConfigValue.SecretPlaceholder"/>.</summary>
    public required ImmutableSortedDictionary<string, string> Config { get; init; }

    public required ImmutableArray<string> SecretKeys { get; init; }

    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Values that the program gets in another form than the stack file has them, by full key.</summary>
    public ImmutableDictionary<string, WrittenValue> Written { get; init; } = ImmutableDictionary<string, WrittenValue>.Empty;

    /// <exception cref="RefusedSettingsException">A value is missing or not as <c>Pulumi.yaml</c> declares it.</exception>
    public static StackSettings Merge(ProjectFile project, string stack, StackFile file)
    {
        var values = file.Config.ToBuilder();
        var errors = new List<string>();
        foreach (var declaration in project.Declarations.OrderBy(declaration => declaration.Key, StringComparer.Ordinal))
        {
            if (!values.TryGetValue(declaration.Key, out var value))
            {
                if (declaration.Value is not null)
                    values[declaration.Key] = declaration.Value;
                else if (declaration.Key.StartsWith(project.Name + ":", StringComparison.Ordinal))
                    errors.Add($"{declaration.Key} is not set; {Path.GetFileName(project.Path)} requires it, add it to {Path.GetFileName(file.Path)}");
            }
            else if (declaration.IsSecret && !value.HoldsSecret)
            {
                errors.Add($"{declaration.Key} must be encrypted; set it with: pulumi config set --secret {declaration.Key}");
            }
            else if (declaration.Type is { } type && !type.Accepts(value))
            {
                errors.Add($"{declaration.Key} is {file.Written.GetValueOrDefault(declaration.Key)?.Text ?? value.ToConfigText()}; {Path.GetFileName(project.Path)} declares it as {type}");
            }
        }

        if (errors.Count > 0)
            throw new RefusedSettingsException(errors);
        var secretKeys = values.Where(entry => entry.Value.HoldsSecret).Select(entry => entry.Key).ToImmutableArray();
        return new StackSettings
        {
            Stack = stack,
            StackFilePath = file.Path,
            Config = values.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.ToConfigText(), StringComparer.Ordinal),
            SecretKeys = secretKeys,
            Warnings = [.. file.Warnings, .. secretKeys.Select(OpaqueSecret)],
            Written = file.Written,
        };
    }

    /// <summary>A problem of the form <c>KEY is VALUE; ...</c> with the value as the stack file has it: the program can only show what arrived.</summary>
    public string AsWritten(string problem)
    {
        var end = problem.IndexOf(' ', StringComparison.Ordinal);
        return end > 0 && Written.TryGetValue(problem[..end], out var value) && problem[end..].StartsWith($" is {value.Arrives};", StringComparison.Ordinal)
            ? $"{problem[..end]} is {value.Text};{problem[(end + $" is {value.Arrives};".Length)..]}"
            : problem;
    }

    private static string OpaqueSecret(string key) =>
        $"{key} is encrypted: the plan cannot read it and shows the program '{ConfigValue.SecretPlaceholder}' in its place";
}

/// <summary>The settings violate their declarations in <c>Pulumi.yaml</c> or the needs of the plan. Each error starts with its key.</summary>
public sealed class RefusedSettingsException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
