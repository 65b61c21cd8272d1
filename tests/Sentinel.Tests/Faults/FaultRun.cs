using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using HaCluster.Workloads.Tests.Chains;

namespace HaCluster.Sentinel.Tests.Faults;

/// <summary>Readers at a front, while the nodes behind it break one after the other; every fault at least once, and again until the time is over.</summary>
internal sealed class FaultRun(INodeSet nodes, Front front) : IDisposable
{
    private const int Readers = 8;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SemaphoreSlim _quorum = new(1);
    private readonly List<(string Fault, TimeSpan Out, TimeSpan Back)> _played = [];
    private readonly List<Reader> _readers = [];
    private readonly List<KubeletProbes> _kubelets = [];

    public int Reads => _readers.Sum(reader => reader.Readings.Count);

    public int Failed => _readers.Sum(reader => reader.Readings.Count(reading => reading.Failed));

    public IReadOnlyList<KubeletProbes> Kubelets => _kubelets;

    public IEnumerable<string> Faults => _played.Select(one => one.Fault).Distinct();

    public TimeSpan SlowestOut => _played.Select(one => one.Out).DefaultIfEmpty().Max();

    public static async Task<FaultRun> PlayAsync(INodeSet nodes, Authority authority, TimeSpan atLeast)
    {
        await using var front = await Front.StartAsync(nodes.Nodes, nodes.Addresses, nodes.RpcPort, nodes.SentinelPort, authority);
        var run = new FaultRun(nodes, front);
        await run.PlayAsync(atLeast);
        return run;
    }

    /// <summary>The longest time in which a reader got nothing better than this.</summary>
    public TimeSpan Longest(Judgement judgement) => _readers.Select(reader => Longest(reader, judgement)).Max();

    public int Count(Judgement judgement) => _readers.Sum(reader => reader.Readings.Count(reading => nodes.Chain.Judge(reading) == judgement));

    public void Dispose() => _quorum.Dispose();

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds:0} s, {_played.Count} faults, {nodes.Chain.Length} blocks, {nodes.Chain.Reorganisations} reorganisations (deepest {nodes.Chain.Deepest})\n");
        text.Append(CultureInfo.InvariantCulture, $"{Reads} reads by {Readers} clients: ");
        foreach (var judgement in Enum.GetValues<Judgement>())
            text.Append(CultureInfo.InvariantCulture, $"{Count(judgement)} {judgement} (longest {Longest(judgement).TotalSeconds:0.0} s); ");
        text.Append('\n').AppendJoin(", ", _readers.SelectMany(reader => reader.Failures).GroupBy(one => one.Key).Select(group => $"{group.Key}: {group.Sum(one => one.Value)}"));
        text.Append(CultureInfo.InvariantCulture, $"\nkubelet took pods out {_kubelets.Sum(one => one.TimesTakenOut)} times and would have restarted {_kubelets.Sum(one => one.Restarts)}\n");
        foreach (var group in _played.GroupBy(one => one.Fault))
            text.Append(CultureInfo.InvariantCulture, $"  {group.Key}: {group.Count()} times; out of the front after at most {group.Max(one => one.Out).TotalSeconds:0.0} s, back after {group.Max(one => one.Back).TotalSeconds:0.0} s\n");
        return text.ToString();
    }

    private async Task PlayAsync(TimeSpan atLeast)
    {
        using var stopChain = new CancellationTokenSource();
        using var stopReaders = new CancellationTokenSource();
        var chain = nodes.AdvanceAsync(stopChain.Token);
        try
        {
            foreach (var pod in Enumerable.Range(0, nodes.Sentinels.Count))
                await UntilUsedAsync(pod);
            for (var index = 1; index <= Readers; index++)
                _readers.Add(new Reader(IPAddress.Parse($"127.0.1.{index}"), front, nodes));
            foreach (var sentinel in nodes.Sentinels)
                _kubelets.Add(new KubeletProbes(sentinel.Url, nodes.Parts));
            var reading = Task.WhenAll(_readers.Select(reader => reader.RunAsync(stopReaders.Token)));
            foreach (var pod in nodes.Nodes.Pods)
                await Waiting.UntilAsync($"a reader is at {pod}", () => front.HasServedAsync(pod));
            var deadline = _clock.Elapsed + atLeast;
            var lanes = Task.WhenAll(nodes.Lanes.Select(lane => LaneAsync(lane, deadline)));
            // A chain that breaks says why the rest does.
            await await Task.WhenAny(lanes, chain);
            foreach (var kubelet in _kubelets)
                await Waiting.UntilAsync("kubelet has every pod in rotation", () => kubelet.IsInRotation);
            await stopReaders.CancelAsync();
            await reading;
        }
        finally
        {
            await stopReaders.CancelAsync();
            await stopChain.CancelAsync();
            foreach (var kubelet in _kubelets)
                await kubelet.DisposeAsync();
        }

        await chain;
        _clock.Stop();
    }

    private async Task LaneAsync(IReadOnlyList<Fault> faults, TimeSpan deadline)
    {
        var isFirst = true;
        while (isFirst || _clock.Elapsed < deadline)
        {
            foreach (var fault in faults)
            {
                if (!isFirst && _clock.Elapsed >= deadline)
                    return;
                if (fault.NeedsQuorum)
                    await _quorum.WaitAsync();
                await PlayAsync(fault);
                if (fault.NeedsQuorum)
                    _quorum.Release();
            }

            isFirst = false;
        }
    }

    private async Task PlayAsync(Fault fault)
    {
        var (pod, sentinel, started) = (nodes.Nodes.Pods.ElementAt(fault.Node), nodes.Sentinels[fault.Node], _clock.Elapsed);
        await fault.Break();
        await sentinel.UntilAsync(fault.Reason);
        if (fault.TakesOut)
            await Waiting.UntilAsync($"{fault.Name}: the front leaves {pod} out", async () => !await front.UsesAsync(pod), () => $"{sentinel.Log}");
        var left = _clock.Elapsed - started;
        if (fault.UntilKubelet)
            await Waiting.UntilAsync($"{fault.Name}: kubelet takes {pod} out of rotation", () => !_kubelets[fault.Node].IsInRotation);
        started = _clock.Elapsed;
        await fault.Repair();
        await sentinel.UntilAsync("ok");
        await UntilUsedAsync(fault.Node);
        lock (_played)
            _played.Add((fault.Name, fault.TakesOut ? left : TimeSpan.Zero, _clock.Elapsed - started));
    }

    private Task UntilUsedAsync(int index) => Waiting.UntilAsync(
        $"the front uses {nodes.Nodes.Pods.ElementAt(index)}", () => front.UsesAsync(nodes.Nodes.Pods.ElementAt(index)), () => $"{nodes.Sentinels[index].Log}");

    /// <summary>From the last reading before that was not so to the next one after.</summary>
    private TimeSpan Longest(Reader reader, Judgement judgement)
    {
        var (longest, since) = (TimeSpan.Zero, reader.Readings[0].Asked);
        foreach (var reading in reader.Readings)
        {
            if (nodes.Chain.Judge(reading) != judgement)
                since = reading.Answered;
            else if (reading.Answered - since > longest)
                longest = reading.Answered - since;
        }

        return longest;
    }
}
