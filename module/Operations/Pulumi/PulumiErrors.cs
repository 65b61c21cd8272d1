using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Operations.Pulumi;

/// <summary>Says what a failed <c>pulumi</c> means, from what it printed.</summary>
internal static partial class PulumiErrors
{
    private const string Install = "https://www.pulumi.com/docs/install/";

    /// <summary>Variables whose values must never be shown, whatever prints them.</summary>
    private static readonly ImmutableArray<string> SecretVariables =
        ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN"];

    public static HaClusterException NotStarted(string program, string directory, string command, string stack, Exception inner) => Directory.Exists(directory)
        ? new HaClusterException(FailureKind.PulumiMissing, $"pulumi {command}", stack, $"{program} was not found or cannot be run", $"Install Pulumi ({Install}) and put it on PATH", inner)
        : new HaClusterException(FailureKind.InvalidInput, $"pulumi {command}", directory, "there is no such folder", "Name the folder that holds Pulumi.yaml", inner);

    /// <param name="errors">Diagnostics of the event log.</param>
    public static HaClusterException Of(string command, string stack, int code, string output, ImmutableArray<string> errors)
    {
        var (kind, problem, advice) = Explain(stack, output, errors);
        return new HaClusterException(kind, $"pulumi {command}", stack, problem.Length > 0 ? problem : $"it ended with exit code {code}", advice) { Code = $"{code}" };
    }

    public static string WithoutSecrets(string text)
    {
        foreach (var name in SecretVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 3 } value)
                text = text.Replace(value, "[secret]", StringComparison.Ordinal);
        }

        return text;
    }

    private static (FailureKind Kind, string Problem, string Advice) Explain(string stack, string output, ImmutableArray<string> errors)
    {
        if (NotLoggedIn().IsMatch(output))
            return (FailureKind.PulumiNotLoggedIn, "nobody is logged in to a Pulumi backend", "Run pulumi login, or pulumi login s3://BUCKET, or set PULUMI_ACCESS_TOKEN");
        if (Lock().Match(output) is { Success: true } held)
        {
            return (
                FailureKind.StackLocked,
                $"the stack is locked by {held.Groups["who"].Value} (process {held.Groups["pid"].Value}) since {held.Groups["since"].Value.TrimEnd('.')}",
                $"Wait until that update has ended. Only if it was killed: pulumi cancel --stack {stack}");
        }

        if (Locked().IsMatch(output))
            return (FailureKind.StackLocked, "another update of the stack is in progress", $"Wait until it has ended; the backend's page of the stack says who runs it. Only if it was killed: pulumi cancel --stack {stack}");
        if (NoStack().IsMatch(output))
            return (FailureKind.StackNotFound, "there is no such stack in this backend", "See pulumi stack ls, and pulumi whoami --verbose for the backend");
        if (Secrets().IsMatch(output))
            return (FailureKind.PulumiSecretsLocked, "the secrets of the stack cannot be read", "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or the permission for the stack's key");
        if (NoProject().IsMatch(output))
            return (FailureKind.InvalidInput, "the folder holds no Pulumi.yaml", "Name the folder of the program");
        var problem = errors.Length > 0 ? string.Join("; ", errors) : LastError(output);
        return (FailureKind.PulumiFailed, problem, "Correct what it names and run it again");
    }

    private static string LastError(string output)
    {
        var lines = output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return (lines.FindLast(line => line.StartsWith("error:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "").TrimEnd('.');
    }

    [GeneratedRegex("must be set for login|not logged in|invalid access token|run `?pulumi login|Unauthorized: No credentials", RegexOptions.IgnoreCase)]
    private static partial Regex NotLoggedIn();

    // "  file:///.../locks/...json: created by ada@laptop (pid 4711) at 2026-01-02T03:04:05Z"
    [GeneratedRegex(@"created by (?<who>\S+) \(pid (?<pid>[0-9]+)\) at (?<since>\S+)")]
    private static partial Regex Lock();

    [GeneratedRegex("Another update is currently in progress|currently locked by", RegexOptions.IgnoreCase)]
    private static partial Regex Locked();

    [GeneratedRegex("no stack named|no current stack|stack '[^']*' not found", RegexOptions.IgnoreCase)]
    private static partial Regex NoStack();

    [GeneratedRegex("incorrect passphrase|PULUMI_CONFIG_PASSPHRASE|(passphrase|secrets manager|cipher).*(fail|unable|denied)", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();

    [GeneratedRegex("no Pulumi.yaml project file found|could not find a Pulumi project", RegexOptions.IgnoreCase)]
    private static partial Regex NoProject();
}
