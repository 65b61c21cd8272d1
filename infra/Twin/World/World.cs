using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Kubernetes;
using HaCluster.Twin.Storage;
using HaCluster.Twin.World.Backups;
using HaCluster.Twin.World.Batch;

namespace HaCluster.Twin.World;

/// <summary>
/// One simulated cluster behind two APIs. It owns a <see cref="ClusterRun"/> and moves its virtual time with a clock; what clients write into the object
/// store becomes a change of the run, and what the run does is written back as objects. AWS calls change and read the run through <see cref="Act{T}"/>.
/// Safe for any number of threads: one lock orders everything that happens.
/// </summary>
public sealed class World : IAsyncDisposable
{
    /// <summary>The longest sleep, for what ends without an event of the run, such as the detaching of a volume.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Declarations _declarations;
    private readonly Projection _projection;
    private readonly CancellationTokenSource _stopping = new();
    private readonly PriorityQueue<Action<ClusterRun>, TimeSpan> _reminders = new();
    private Task _loop = Task.CompletedTask;

    private World(WorldPlan plan, ClusterRun run, ObjectStore store, WorldClock clock, WorldOptions options)
    {
        (Plan, Run, Store, Clock, Options) = (plan, run, store, clock, options);
        Fleet = new Fleet(options.Seed);
        Records = new WorkloadRecords();
        (Jobs, CronJobs, Velero) = (new Jobs(this), new CronJobs(this), new Velero(this));
        _declarations = new Declarations(this);
        _projection = new Projection(this);
    }

    public WorldPlan Plan { get; }

    public ObjectStore Store { get; }

    public WorldClock Clock { get; }

    public WorldOptions Options { get; }

    /// <summary>Ends when the world is disposed, and fails when it cannot go on: an API over a world that stands still would lie.</summary>
    public Task Completion => _loop;

    /// <summary>Something has changed, while the world is locked.</summary>
    internal event Action? Changed;

    /// <summary>A pod object was created, while the world is locked.</summary>
    internal event Action<StoredObject>? PodShown;

    internal ClusterRun Run { get; }

    internal Fleet Fleet { get; }

    internal WorkloadRecords Records { get; }

    internal Jobs Jobs { get; }

    internal CronJobs CronJobs { get; }

    internal Velero Velero { get; }

    internal Volumes Volumes => _projection.Volumes;

    /// <summary>The plan in its steady state: every pod runs that has room. The store must be new.</summary>
    public static World Create(WorldPlan plan, ObjectStore store, WorldClock clock, WorldOptions? options = null)
    {
        options ??= new WorldOptions();
        plan = plan with { Model = Idle(plan.Model) };
        var run = ClusterRun.InSteadyState(plan.Model, new RunOptions { Seed = options.Seed, CanLaunch = options.CanLaunch, NamesPods = true, LongestShutdown = options.LongestShutdown });
        var world = new World(plan, run, store, clock, options);
        // From the first object on, as in a cluster whose API server was there first.
        AdmissionPlugins.Install(store);
        lock (world._gate)
        {
            world._declarations.Begin();
            world._projection.ShowAll();
            world.Velero.Begin();
        }

        return world;
    }

    /// <summary>Jobs of the plan have ended before the world begins, and CronJobs have none: a proof counts them as running, which is the worst case.</summary>
    private static ClusterModel Idle(ClusterModel model) => model with
    {
        Workloads = [.. model.Workloads.Select(workload => workload.Kind == WorkloadKind.Job ? workload with { Replicas = 0, MinServing = 0 } : workload)],
    };

    /// <summary>Lets time pass by itself, until the world is disposed.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Takes in what was written since, and lets everything happen that is due by now.</summary>
    public void CatchUp()
    {
        lock (_gate)
            Follow();
    }

    /// <summary>Moves a stepped clock, and lets everything happen that is due by then.</summary>
    /// <exception cref="InvalidOperationException">The clock runs by itself.</exception>
    public void Advance(TimeSpan time)
    {
        lock (_gate)
        {
            Follow();
            Clock.Step(time);
            Follow();
        }
    }

    /// <summary>Reads or changes the run at the present moment, and writes what follows from it into the store.</summary>
    internal T Act<T>(Func<ClusterRun, T> action)
    {
        lock (_gate)
        {
            Follow();
            var result = action(Run);
            _projection.Show();
            return result;
        }
    }

    internal void Announce(StoredObject pod) => PodShown?.Invoke(pod);

    internal void AnnounceChange() => Changed?.Invoke();

    /// <summary>Calls back at a virtual time: for what ends outside of the run, such as a zonal shift. Within <see cref="Act{T}"/> only.</summary>
    internal void Remind(TimeSpan at, Action<ClusterRun> action) => _reminders.Enqueue(action, at);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private TimeSpan? NextAt => _reminders.TryPeek(out _, out var reminder) && (Run.NextAt is not { } at || reminder < at) ? reminder : Run.NextAt;

    private void Follow()
    {
        _declarations.Absorb();
        var now = Clock.Now;
        // Event by event, so that watchers see every state and each stamp is right.
        while (NextAt is { } at && at <= now)
        {
            Run.AdvanceTo(at);
            if (Recall(at))
                _declarations.Absorb();
            _projection.Show();
        }

        Run.AdvanceTo(now);
        _projection.Show();
    }

    /// <summary>Controllers that were waiting write objects as clients do: these are to be taken in.</summary>
    private bool Recall(TimeSpan at)
    {
        var recalled = false;
        while (_reminders.TryPeek(out _, out var due) && due <= at)
        {
            _reminders.Dequeue()(Run);
            recalled = true;
        }

        return recalled;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                CatchUp();
                await SleepAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The world ends.
        }
    }

    /// <summary>Until the next event is due, or something is written.</summary>
    private async Task SleepAsync(CancellationToken cancellationToken)
    {
        var left = LongestSleep;
        lock (_gate)
        {
            if (NextAt is { } at && Clock.Until(at) is var due && due < left)
                left = due;
        }

        using var timer = new CancellationTokenSource(left, Clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _declarations.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It is time.
        }
    }
}
