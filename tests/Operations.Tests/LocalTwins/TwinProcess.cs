using HaCluster.Operations.Connecting;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>
/// A process of an operator, played inside the test: its journal is the real file, its calls go over the real wire. Once it is killed it writes nothing and
/// the twin does not hear it; <see cref="TwinChild"/> is the same with a process of its own and SIGKILL.
/// </summary>
internal sealed class TwinProcess : IVictim, IAsyncDisposable
{
    /// <summary>Whether the small stack would hold is asked, and overridden: it is not what is tried here.</summary>
    public static readonly RunOptions Force = new() { Force = true };

    private readonly KillPoints points;
    private readonly CancellationTokenSource killed = new();

    private TwinProcess(ClusterSession session, KillPoints points, string journals, Func<bool> isDiskFull)
    {
        (Session, this.points) = (session, points);
        Runner = new OperationRunner(session, new LiveProver(session), new JournalFolder(journals, path => new KillableFile(path, this, isDiskFull)));
    }

    public ClusterSession Session { get; }

    public OperationRunner Runner { get; }

    public bool IsDead { get; private set; }

    /// <summary>Where it was killed.</summary>
    public string Point { get; private set; } = "";

    /// <summary>Nothing of it goes on: whatever waits is given up.</summary>
    public CancellationToken Killed => killed.Token;

    public static async Task<TwinProcess> StartAsync(ConnectionRequest request, string journals, KillPoints points, FastTime time, Func<bool>? isDiskFull = null, KubernetesOptions? options = null) =>
        new(await new SessionConnector(options, time).ConnectAsync(request, default), points, journals, isDiskFull ?? (() => false));

    public bool Dies(string point)
    {
        if (IsDead || !points.IsLethal(point))
            return IsDead;
        (IsDead, Point) = (true, point);
        killed.Cancel();
        return true;
    }

    /// <summary>Goes on with what another process left of an operation, or begins it.</summary>
    /// <param name="before">Ids of operations that have nothing to do with it.</param>
    /// <returns>Null when an earlier process had ended it.</returns>
    public async Task<OperationResult?> FinishAsync(OperationRequest request, IReadOnlyCollection<string> before) => await FindAsync(request, before) switch
    {
        null => await Runner.RunAsync(request, Force, Killed),
        { State: OperationState.Succeeded } => null,
        var open => await Runner.ResumeAsync(open.Id, Force, Killed),
    };

    public async Task<OperationRecord?> FindAsync(OperationRequest request, IReadOnlyCollection<string> before) =>
        (await Runner.ListAsync(Killed)).FirstOrDefault(operation => operation.Command == request.Command && !before.Contains(operation.Id));

    public async Task<IReadOnlyCollection<string>> IdsAsync() => [.. (await Runner.ListAsync(Killed)).Select(operation => operation.Id)];

    public ValueTask DisposeAsync()
    {
        Session.Dispose();
        killed.Dispose();
        return ValueTask.CompletedTask;
    }
}
