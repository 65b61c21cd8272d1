using HaCluster.Operations.Connecting;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Monitoring;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>One process of an operator: a runner on a world, with its own faults. Several may act on one world, one after the other or at once.</summary>
internal sealed class FakeProcess
{
    /// <summary>A renewal of the lease, which may take 4 s, then has 100 ms in which this process gets its turns.</summary>
    public const double Faster = 40;

    public FakeProcess(
        FakeWorld world, string journals, Faults? faults = null, string @operator = "ada@laptop", string? file = null, FastTime? time = null, FakeMonitoring? monitoring = null,
        ClusterIdentity? identity = null, bool knowsCluster = true)
    {
        Faults = faults ?? new Faults();
        Time = time ?? new FastTime(Faster);
        var access = new FakeAccess(world, Faults, file);
        Aws = new FakeAws(access, Time);
        Monitoring = monitoring ?? new FakeMonitoring();
        Session = new ClusterSession
        {
            Info = new ConnectionInfo(FakeCluster.Name, ConnectionSource.Kubeconfig, null, "https://fake.test", "v1.36.2", "eu-central-1", null, "tester", null, Time.GetUtcNow()),
            Identity = knowsCluster ? identity ?? FakeCluster.Identity : null,
            Kubernetes = new FakeKubernetes(access),
            Aws = Aws.Services(),
            Monitoring = new MonitoringServices(Monitoring, Monitoring, Monitoring),
            Operator = @operator,
            Time = Time,
        };
        Runner = new OperationRunner(Session, Prover, new JournalFolder(journals, path => new FakeFile(path, Faults)));
    }

    public Faults Faults { get; }

    public FastTime Time { get; }

    public FakeAws Aws { get; }

    public FakeMonitoring Monitoring { get; }

    public FakeProver Prover { get; } = new();

    public ClusterSession Session { get; }

    public OperationRunner Runner { get; }
}

internal sealed class FakeProver : ILiveProver
{
    /// <summary>Empty: the rest holds.</summary>
    public List<SafetyBlocker> Blockers { get; } = [];

    public Task<ClusterProof> ProveAsync(IProgress<string>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SafetyAnswer> AskAsync(Departure departure, CancellationToken cancellationToken) =>
        Task.FromResult(new SafetyAnswer($"{departure}", Blockers.Count == 0, true, Blockers, []));
}
