using System.Management.Automation;
using System.Runtime.CompilerServices;
using HaCluster.Cmdlets.Views;
using HaCluster.Operations.Running;

namespace HaCluster.Cmdlets.Running;

/// <summary>Failures as PowerShell shows them: a stable id, a category, the object, and what to try.</summary>
internal static class Errors
{
    public static ErrorRecord RecordOf(Exception exception) => exception switch
    {
        HaClusterException failure => OfOperation(failure) ?? Of(failure, failure.Id, CategoryOf(failure.Kind), failure.Target, failure.Advice),
        _ => Of(exception, exception.GetType().Name.Replace("Exception", "", StringComparison.Ordinal), CategoryOf(exception), null, null),
    };

    /// <summary>An operation that did not reach its goal and went back by itself: done well, but what was wanted is not there.</summary>
    public static ErrorRecord RolledBack(OperationResult result)
    {
        var advice = $"Nothing is left to resume. Its steps: Get-HaOperation {result.Id} | Format-List";
        return Of(
            new HaClusterException(FailureKind.StepFailed, result.Command, result.Target, $"it was rolled back: {(result.Warnings is [.., var reason] ? reason : "its goal was not reached")}", advice),
            "RolledBack", ErrorCategory.OperationStopped, result, advice);
    }

    /// <summary>An input that no cluster needs to be asked about.</summary>
    public static HaClusterException InvalidInput(string target, string problem, string advice) => new(FailureKind.InvalidInput, "", target, problem, advice);

    /// <summary>Separate, because its types load the engine.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ErrorRecord? OfOperation(HaClusterException exception) => exception switch
    {
        OperationRefusedException refused => Of(
            refused, refused.Refusal.Code, CategoryOf(refused.Kind), refused.Plan,
            refused.Refusal.Forceable && !refused.Refusal.Advice.Contains("-Force", StringComparison.Ordinal)
                ? $"{refused.Refusal.Advice} (-Force overrides this, and is recorded)" : refused.Refusal.Advice),
        OperationFailedException failed => Of(failed, failed.Id, ErrorCategory.InvalidResult, failed.Result, failed.Advice),
        _ => null,
    };

    private static ErrorRecord Of(Exception exception, string id, ErrorCategory category, object? target, string? advice)
    {
        var record = new ErrorRecord(exception, id, category, target);
        if (!string.IsNullOrEmpty(advice))
            record.ErrorDetails = new ErrorDetails(WithoutAdvice(exception)) { RecommendedAction = advice };
        return record;
    }

    /// <summary>
    /// Breaks the recommendation between words, which neither PowerShell nor the terminal does. The message of the exception, which scripts and logs read, stays as
    /// it is.
    /// </summary>
    /// <param name="width">Columns of the terminal; 0 where there is none.</param>
    public static ErrorRecord Fit(ErrorRecord record, int width)
    {
        if (record.ErrorDetails is { RecommendedAction.Length: > 0 } details)
            details.RecommendedAction = Texts.Recommendation(details.RecommendedAction, width);
        return record;
    }

    /// <summary>
    /// PowerShell shows the recommendation in a line of its own, and the name of the cmdlet before the message; the message of the exception, for logs, has all three.
    /// </summary>
    private static string WithoutAdvice(Exception exception)
    {
        if (exception is not HaClusterException { Advice.Length: > 0 } failure || !failure.Message.EndsWith($". {failure.Advice}", StringComparison.Ordinal))
            return exception.Message;
        var message = failure.Message[..^(failure.Advice.Length + 1)];
        return failure.Call.Contains("-Ha", StringComparison.Ordinal) ? message.Replace($" ({failure.Call}).", ".", StringComparison.Ordinal) : message;
    }

    private static ErrorCategory CategoryOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        IOException => ErrorCategory.WriteError,
        TimeoutException => ErrorCategory.OperationTimeout,
        ArgumentException => ErrorCategory.InvalidArgument,
        _ => ErrorCategory.NotSpecified,
    };

    private static ErrorCategory CategoryOf(FailureKind kind) => kind switch
    {
        FailureKind.NotConnected or FailureKind.Unreachable => ErrorCategory.ConnectionError,
        FailureKind.ContextNotFound or FailureKind.NotFound or FailureKind.StackNotFound => ErrorCategory.ObjectNotFound,
        FailureKind.KubeconfigNotUsable or FailureKind.JournalNotUsable => ErrorCategory.InvalidData,
        FailureKind.CredentialsMissing or FailureKind.CredentialsExpired or FailureKind.PulumiNotLoggedIn => ErrorCategory.AuthenticationError,
        FailureKind.PermissionDenied => ErrorCategory.PermissionDenied,
        FailureKind.PulumiSecretsLocked => ErrorCategory.SecurityError,
        FailureKind.TimedOut => ErrorCategory.OperationTimeout,
        FailureKind.Throttled => ErrorCategory.LimitsExceeded,
        FailureKind.ServerFailed or FailureKind.MonitoringMissing => ErrorCategory.ResourceUnavailable,
        FailureKind.Conflict or FailureKind.StackLocked or FailureKind.OperationRunning => ErrorCategory.ResourceBusy,
        FailureKind.AlreadyExists => ErrorCategory.ResourceExists,
        FailureKind.PulumiMissing => ErrorCategory.NotInstalled,
        FailureKind.InvalidInput => ErrorCategory.InvalidArgument,
        FailureKind.NotUnderstood or FailureKind.PulumiFailed or FailureKind.StepFailed => ErrorCategory.InvalidResult,
        _ => ErrorCategory.InvalidOperation,
    };
}
