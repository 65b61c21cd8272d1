using System.Collections.Concurrent;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>Operations in trouble, each on a twin of its own. They wait most of the time, so that some are run at once.</summary>
public sealed class DisturbedTwins : IAsyncLifetime
{
    private const int AtOnce = 4;
    private const int MostProcesses = 60;

    /// <summary>Calls that hang are timed out soon. A busy machine may be too slow for that, too, and so all others have time.</summary>
    private static readonly KubernetesOptions Hasty = new() { RequestTimeout = TimeSpan.FromSeconds(3) };

    private static readonly KubernetesOptions Patient = new() { RequestTimeout = Waiting.Limit, ListTimeout = Waiting.Limit };

    private static readonly SemaphoreSlim Places = new(AtOnce);

    private readonly Dictionary<string, Task<KilledRun>> undisturbed = [];
    private readonly Dictionary<(string Name, string Trouble), Task<DisturbedRun>> runs = [];

    internal static IReadOnlyList<(string Name, Trouble Trouble)> Cases { get; } =
    [
        .. from name in new[] { "Switch-HaZone", "Invoke-HaNodeDrain", "Invoke-HaDatabaseFailover" }
           from trouble in new[] { Trouble.Passing, Trouble.Hanging, Trouble.Conflicts, Trouble.Expired }
           select (name, trouble),
    ];

    public Task InitializeAsync()
    {
        foreach (var (name, trouble) in Cases)
        {
            if (!undisturbed.ContainsKey(name))
                undisturbed[name] = AtPlaceAsync(() => CalmAsync(name));
            runs[(name, trouble.Name)] = AtPlaceAsync(() => DisturbAsync(name, trouble));
        }
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Task.WhenAll([.. undisturbed.Values, .. runs.Values]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    internal Task<KilledRun> UndisturbedAsync(string name) => undisturbed[name];

    internal Task<DisturbedRun> RunAsync(string name, string trouble) => runs[(name, trouble)];

    private static async Task<T> AtPlaceAsync<T>(Func<Task<T>> run)
    {
        await Places.WaitAsync();
        try
        {
            return await Task.Run(run);
        }
        finally
        {
            Places.Release();
        }
    }

    private static async Task<KilledRun> CalmAsync(string name)
    {
        await using var twin = await OperatedTwin.StartAsync();
        return await KilledRun.OfAsync(twin, await TwinOperations.PrepareAsync(twin, name), KillPoints.None(), end: "");
    }

    private static async Task<DisturbedRun> DisturbAsync(string name, Trouble trouble)
    {
        await using var twin = await OperatedTwin.StartAsync();
        var request = await TwinOperations.PrepareAsync(twin, name);
        twin.Wire.Forget();
        var calls = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var faults = new ConcurrentQueue<string>();
        var failures = new List<FailureKind>();
        var isExpired = false;
        var processes = 0;
        OperationState? state = null;
        while (state is null && ++processes <= MostProcesses)
        {
            await using var process = await twin.ConnectAsync(options: trouble == Trouble.Hanging ? Hasty : Patient);
            twin.Wire.Fault = call =>
            {
                var before = calls.AddOrUpdate(call.Text, 0, (_, known) => known + 1);
                if (trouble == Trouble.Expired && !(isExpired |= before == 0 && call is { IsChange: true, IsOwn: false }))
                    return null;
                var fault = trouble.OfCall(twin.Twin.Aws.Faults, call, before);
                if (fault is not null)
                    faults.Enqueue($"{call}: {fault}");
                return fault;
            };
            try
            {
                state = (await process.FinishAsync(request, before: []))?.State ?? OperationState.Succeeded;
            }
            catch (HaClusterException failure) when (failure is not OperationRefusedException)
            {
                // A machine too busy to renew the lease in time stops an operation, whatever the trouble.
                if (!failure.Message.Contains("could not renew its lease", StringComparison.Ordinal))
                    failures.Add(failure.Kind == FailureKind.StepFailed && failure.InnerException is HaClusterException { Kind: var kind } ? kind : failure.Kind);
            }
            twin.Wire.Fault = _ => null;
            twin.Twin.Aws.Faults.Clear();
            isExpired = false;
        }
        return new DisturbedRun(name, trouble, state, processes, [.. faults], failures, twin.Wire.DoneTwice, twin.Wire.Effects, await twin.SettledAsync());
    }
}

/// <param name="State">Null: it did not come to its end.</param>
/// <param name="Failures">Of processes that ended with one.</param>
internal sealed record DisturbedRun(
    string Name, Trouble Trouble, OperationState? State, int Processes, IReadOnlyList<string> Faults, IReadOnlyList<FailureKind> Failures, IReadOnlyList<string> Twice, int Changes, string End)
{
    public override string ToString() =>
        $"{Name}, {Trouble}: {State?.ToString() ?? "NOT ENDED"} by {Processes} processes ({string.Join(", ", Failures)}), {Faults.Count} faults, {Changes} changes, done twice: {(Twice.Count == 0 ? "none" : string.Join(", ", Twice))}\n{string.Join('\n', Faults)}";
}
