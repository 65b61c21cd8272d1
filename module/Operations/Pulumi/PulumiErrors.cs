using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace HaCluster.Operations.Pulumi;

/// <summary>Says what a failed <c>pulumi</c> means, from what it printed.</summary>
internal static partial class PulumiErrors
{
    private const string Install = "https://www.pulumi.com/docs/install/";

    // Exit codes that newer versions promise: https://github.com/pulumi/pulumi/blob/master/pkg/cmd/pulumi/cmd/exit_codes.go
    private const int AuthenticationCode = 3, StackNotFoundCode = 6, CancelledCode = 8;

    /// <summary>Variables whose values must never be shown, whatever prints them.</summary>
    private static readonly ImmutableArray<string> SecretVariables =
        ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN"];

    public static HaClusterException NotStarted(string program, string directory, string command, string stack, Exception inner) => Directory.Exists(directory)
        ? new HaClusterException(FailureKind.PulumiMissing, $"pulumi {command}", stack, $"{program} was not found or cannot be run", $"Install Pulumi ({Install}) and put it on PATH", inner)
        : new HaClusterException(FailureKind.InvalidInput, $"pulumi {command}", directory, "there is no such folder", "Name the folder that holds Pulumi.yaml", inner);

    /// <param name="result">What the event log says; null for a command without one.</param>
    public static HaClusterException Of(string command, string stack, int code, string output, PulumiResult? result)
    {
        var (kind, problem, advice) = Explain(stack, code, output, result);
        return new HaClusterException(kind, $"pulumi {command}", stack, problem.Length > 0 ? problem : $"it exited with code {code}", advice) { Code = $"{code}" };
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

    private static (FailureKind Kind, string Problem, string Advice) Explain(string stack, int code, string output, PulumiResult? result)
    {
        if (MissingPlugin().Match(output) is { Success: true } plugin)
        {
            return (
                FailureKind.PulumiFailed, $"{plugin.Groups["plugin"].Value} is not installed and cannot be downloaded: {plugin.Groups["why"].Value.Trim().TrimEnd('.')}",
                $"Allow the download, or install it by hand: {plugin.Groups["install"].Value}");
        }

        // Once resources were worked on, the words of a provider must not be taken for Pulumi's own.
        if (result is { Steps.Length: > 0 } or { Errors.Length: > 0 } or { IsCancelled: true } || code == CancelledCode)
            return ExplainUpdate(code, output, result);
        return ExplainStart(stack, code, output) ?? (FailureKind.PulumiFailed, LastError(output), "Fix the reported error and run it again");
    }

    /// <summary>It began and did not succeed.</summary>
    private static (FailureKind Kind, string Problem, string Advice) ExplainUpdate(int code, string output, PulumiResult? result)
    {
        var problem = result is { IsCancelled: true } || code == CancelledCode ? "it was cancelled before it finished"
            : result is { Errors.Length: > 0 } ? string.Join("; ", result.Errors)
            : LastError(output);
        var left = string.Join(", ", (result?.Unfinished ?? []).Select(step => $"{step.Operation} {step.Type} {step.Name}"));
        return (
            FailureKind.PulumiFailed,
            left.Length > 0 ? $"{problem}. Outcome unknown: {left}" : problem,
            result is { IsStateUncertain: true } || left.Length > 0 ? "Fix the cause, run Sync-HaStack (pulumi refresh) to bring the state up to date, and run it again" : "Fix the reported error and run it again");
    }

    /// <summary>What Pulumi says when it cannot begin. The texts are those of pkg/backend and pkg/secrets of https://github.com/pulumi/pulumi.</summary>
    private static (FailureKind Kind, string Problem, string Advice)? ExplainStart(string stack, int code, string output)
    {
        if (Locks().Matches(output) is { Count: > 0 } locks)
        {
            return (
                FailureKind.StackLocked,
                $"the stack is locked by {string.Join(", and by ", locks.Select(held => $"{held.Groups["who"].Value} (process {held.Groups["pid"].Value}) since {held.Groups["since"].Value.TrimEnd('.')}"))}",
                $"Wait until that update has ended. Only if it was killed: pulumi cancel --stack {stack}");
        }

        if (Locked().IsMatch(output))
            return (FailureKind.StackLocked, "another update of the stack is in progress", $"Wait until it has ended; the backend's page of the stack says who runs it. Only if it was killed: pulumi cancel --stack {stack}");
        if (NoStack().IsMatch(output) || code == StackNotFoundCode)
            return (FailureKind.StackNotFound, "there is no such stack in this backend", $"See pulumi stack ls, and pulumi whoami --verbose for the backend; pulumi stack init {stack} creates a new stack");
        if (WrongPassphrase().IsMatch(output))
            return (FailureKind.PulumiSecretsLocked, "the passphrase of the stack's secrets is wrong", "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one that the stack was created with");
        if (Secrets().IsMatch(output))
            return (FailureKind.PulumiSecretsLocked, "the secrets of the stack cannot be read", "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or the permission for the stack's key");
        if (NoProject().IsMatch(output))
            return (FailureKind.InvalidInput, "the folder has no Pulumi.yaml", "Name the folder of the program");
        if (SingleSignOn().Match(output) is { Success: true } sso)
            return (FailureKind.PulumiNotLoggedIn, "the session of the Pulumi backend has expired", $"Log in at {sso.Groups["url"].Value}");
        if (Denied().IsMatch(output))
            return (FailureKind.PermissionDenied, $"the backend refuses: {LastError(output)}", "Ask for access to the stack, or log in as a user who has it: pulumi whoami --verbose");
        if (ExpiredBucket().IsMatch(output))
            return (FailureKind.CredentialsExpired, $"the backend's bucket cannot be read: {LastError(output)}", "Log in to the cloud of the bucket again, such as with aws sso login");
        if (NotLoggedIn().IsMatch(output) || code == AuthenticationCode)
            return (FailureKind.PulumiNotLoggedIn, "you are not logged in to a Pulumi backend", "Run pulumi login, or pulumi login s3://BUCKET, or set PULUMI_ACCESS_TOKEN");
        return null;
    }

    private static string LastError(string output)
    {
        var lines = output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return (lines.FindLast(line => line.StartsWith("error:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "").TrimEnd('.');
    }

    [GeneratedRegex("must be set for login|not logged in|requires logging in|invalid access token|run(ning)? `?pulumi login|Unauthorized: No credentials", RegexOptions.IgnoreCase)]
    private static partial Regex NotLoggedIn();

    [GeneratedRegex(@"SSO authentication is required\. Log in at:\s+(?<url>\S+)")]
    private static partial Regex SingleSignOn();

    [GeneratedRegex(@"\[403\]|AccessDenied|error: forbidden", RegexOptions.IgnoreCase)]
    private static partial Regex Denied();

    [GeneratedRegex("ExpiredToken|token has expired|SSO session .* expired|no EC2 IMDS role found|failed to refresh cached credentials", RegexOptions.IgnoreCase)]
    private static partial Regex ExpiredBucket();

    // "  file:///.../locks/...json: created by ada@laptop (pid 4711) at 2026-01-02T03:04:05Z"; a name of Windows has spaces.
    [GeneratedRegex(@"created by (?<who>[^\n]+?) \(pid (?<pid>[0-9]+)\) at (?<since>\S+)")]
    private static partial Regex Locks();

    [GeneratedRegex("Another update is currently in progress|currently locked by|common-issues/update-conflicts", RegexOptions.IgnoreCase)]
    private static partial Regex Locked();

    [GeneratedRegex("no stack named|no current stack|no stack selected|stack '[^']*' not found|error: stack not found|failed to find the stack snapshot", RegexOptions.IgnoreCase)]
    private static partial Regex NoStack();

    [GeneratedRegex("incorrect passphrase", RegexOptions.IgnoreCase)]
    private static partial Regex WrongPassphrase();

    [GeneratedRegex("PULUMI_CONFIG_PASSPHRASE|(passphrase|secrets manager|cipher).*(fail|unable|denied)", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();

    [GeneratedRegex("no Pulumi.yaml project file found|could not find a Pulumi project", RegexOptions.IgnoreCase)]
    private static partial Regex NoProject();

    // https://github.com/pulumi/pulumi/blob/master/pkg/workspace/plugin.go
    [GeneratedRegex(@"Could not automatically download and install \w+ plugin '(?<plugin>[^']+)'[^`]*`(?<install>pulumi plugin install [^`]+)`: (?<why>[^\n]*)")]
    private static partial Regex MissingPlugin();
}
