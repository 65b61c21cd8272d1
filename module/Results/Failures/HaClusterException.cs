namespace HaCluster;

/// <summary>A call or an operation that failed: which call, on what, and what to try.</summary>
/// <param name="kind">Stable; the id of the error record.</param>
/// <param name="call">As its API names it: <c>POST pods/eviction</c>, <c>EKS DescribeCluster</c>, <c>pulumi preview</c>.</param>
/// <param name="target">What the call was about: an object, a host, a stack.</param>
/// <param name="problem">What is wrong, without a final full stop.</param>
/// <param name="advice">What to try.</param>
public class HaClusterException(FailureKind kind, string call, string target, string problem, string advice, Exception? inner = null)
    : Exception(Sentence(call, target, problem, advice), inner)
{
    public FailureKind Kind { get; } = kind;

    /// <summary>The name of <see cref="Kind"/>.</summary>
    public string Id => Kind.ToString();

    public string Call { get; } = call;

    public string Target { get; } = target;

    public string Problem { get; } = problem;

    public string Advice { get; } = advice;

    /// <summary>How long the server asks to wait before the next attempt; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The status of an HTTP response; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The error code of the API: <c>Expired</c> of Kubernetes, <c>ThrottlingException</c> of AWS; null when there is none.</summary>
    public string? Code { get; init; }

    /// <summary>The same call may succeed a little later without a change: the server was busy, unreachable or slow.</summary>
    public bool IsTransient => Kind is FailureKind.Unreachable or FailureKind.TimedOut or FailureKind.Throttled or FailureKind.ServerFailed;

    private static string Sentence(string call, string target, string problem, string advice) =>
        (target.Length > 0 ? $"{target}: {problem}" : problem) + (call.Length > 0 ? $" ({call})" : "") + (advice.Length > 0 ? $". {advice}" : "");
}
