namespace HaCluster.Ledger.Tests.Faults;

/// <summary>A ledger that is started again whenever it has ended, over the same spool.</summary>
internal sealed class Instance : IAsyncDisposable
{
    // The kernel tells a full disk by a signal, too, when the limit is one of the process.
    private const string Start = "trap '' XFSZ; exec \"$0\" \"$@\"";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _spool;
    private readonly string[] _arguments;
    private readonly Random _random;
    private readonly int _deaths;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _log = [];
    private readonly Task _keeping;
    private RunningProgram _program;

    /// <param name="deaths">Points of the write path for each death; 0: none.</param>
    public Instance(string spool, string endpoint, string key, int checkpointRecords, int seed, int deaths)
    {
        Address = new Uri($"http://127.0.0.1:{Waiting.FreePort()}");
        (_spool, _random, _deaths) = (spool, new Random(seed), deaths);
        _arguments = [typeof(Instance).Assembly.Location, FaultedLedger.Command, $"{Address.Port}", spool, endpoint, key, $"{checkpointRecords}"];
        _program = Run();
        _keeping = Task.Run(KeepAsync);
    }

    public Uri Address { get; }

    public int Starts { get; private set; } = 1;

    public int Deaths { get; private set; }

    public string Log
    {
        get
        {
            lock (_log)
                return string.Concat(_log) + _program.Text;
        }
    }

    public Task SignalAsync(string signal) => _program.SignalAsync(signal);

    /// <summary>Lets files have at most so many bytes: a full disk, for which nobody has to be root.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        // It may have ended just now.
        if (!_program.HasEnded)
            await Programs.RunAsync("prlimit", ["--pid", $"{_program.Id}", $"--fsize={bytes?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unlimited"}:unlimited"]);
    }

    /// <summary>Ends it as an operator would, and does not start it again.</summary>
    public async Task<Ended> StopAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        await SignalAsync("TERM");
        return await _program.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        await _program.DisposeAsync();
        _stop.Dispose();
    }

    private RunningProgram Run() => RunningProgram.Start("bash", ["-c", Start, "dotnet", .. _arguments, $"{_random.Next()}", $"{_deaths}"]);

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_program.HasEnded)
            {
                var text = _program.Text;
                lock (_log)
                    _log.Add(text);
                Deaths += text.Contains("dies at ", StringComparison.Ordinal) ? 1 : 0;
                await _program.DisposeAsync();
                _program = Run();
                Starts++;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
