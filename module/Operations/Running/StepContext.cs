using HaCluster.Operations.Aws;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Proving;
using HaCluster.Planning;

namespace HaCluster.Operations.Running;

/// <summary>What plans and steps work with.</summary>
internal sealed class StepContext(ClusterSession session)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(2);

    public ClusterSession Session => session;

    public IKubernetesApi Kubernetes { get; private init; } = session.Kubernetes;

    public MonitoringServices Monitoring => session.Monitoring;

    public TimeProvider Time => session.Time;

    /// <summary>Empty while there is only a plan.</summary>
    public string OperationId { get; init; } = "";

    /// <summary>Of whoever runs or resumes it now.</summary>
    public bool Force { get; init; }

    /// <summary>What was overridden when the operation began.</summary>
    public IReadOnlyList<Refusal> Overridden { get; init; } = [];

    public required ILiveProver Prover { get; init; }

    /// <summary>Told what a step is doing, and how far it is (0 to 1).</summary>
    public Action<string, double?> Progress { get; init; } = (_, _) => { };

    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>The same, for one plan: all that it asks of the cluster is read once.</summary>
    public StepContext ForPlan() => new(session)
    {
        Kubernetes = new OneReading(session.Kubernetes),
        Prover = Prover,
        OperationId = OperationId,
        Force = Force,
        Overridden = Overridden,
    };

    /// <summary>The same, for one step.</summary>
    public StepContext For(Step step, Action<OperationEvent> say, Action<string> warn) => new(session)
    {
        Prover = Prover,
        OperationId = OperationId,
        Force = Force,
        Overridden = Overridden,
        Warn = warn,
        Progress = (message, fraction) => say(new StepProgress { At = Time.GetUtcNow(), StepId = step.Id, Message = message, Fraction = fraction }),
    };

    /// <summary>Whoever resumes without force overrides nothing but what was overridden when the operation began: what has come up since, nobody has seen.</summary>
    public bool Overrides(Refusal refusal) => refusal.Forceable && (Force || Overridden.Any(known => (known.Code, known.Pod, known.Budget) == (refusal.Code, refusal.Pod, refusal.Budget)));

    public AwsServices Aws(string purpose) => session.RequireAws(purpose);

    /// <summary>Asks again and again, soon at first and then every two seconds.</summary>
    /// <param name="missing">What is missing, for progress and for the failure; null when the goal is reached.</param>
    /// <exception cref="HaClusterException">The goal is not reached in time; the message has what is missing.</exception>
    public async Task UntilAsync(Step step, TimeSpan limit, Func<CancellationToken, Task<string?>> missing, CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        for (var pause = FirstPoll; ; pause = pause * 2 < LongestPoll ? pause * 2 : LongestPoll)
        {
            var reason = await AskAsync(missing, cancellationToken);
            if (reason is null)
                return;
            if (Time.GetElapsedTime(start) > limit)
                throw NotReached(step, $"{reason}, after {Wording.Duration(limit)}");
            Progress(reason, Math.Min(0.99, Time.GetElapsedTime(start) / limit));
            await Task.Delay(pause, Time, cancellationToken);
        }
    }

    public HaClusterException NotReached(Step step, string problem) => new(
        FailureKind.StepFailed, "", step.Subject, problem, $"Investigate, then resume the operation (Resume-HaOperation {OperationId}) or undo it (Undo-HaOperation {OperationId})");

    /// <summary>A long wait goes on when one question is not answered: what is waited for happens anyway.</summary>
    private static async Task<string?> AskAsync(Func<CancellationToken, Task<string?>> missing, CancellationToken cancellationToken)
    {
        try
        {
            return await missing(cancellationToken);
        }
        catch (HaClusterException e) when (e.IsTransient)
        {
            return e.Message;
        }
    }
}
