using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Arguments;

namespace HaCluster.Ledger.Tests.Senders;

/// <summary>The ledger as a program of its own, on ports that stay the same when it is started again.</summary>
internal sealed class LedgerProgram(Scratch scratch, HttpClient http, string scheme, params string[] arguments) : IAsyncDisposable
{
    private RunningProgram? _run;

    public int Port { get; } = Waiting.FreePort();

    public Uri Address => new($"{scheme}://127.0.0.1:{Port}");

    public HttpClient Http => http;

    public int Id => Run.Id;

    public string Text => _run?.Text ?? "";

    private RunningProgram Run => _run ?? throw new InvalidOperationException("it is not running");

    public async Task StartAsync()
    {
        _run = RunningProgram.Start("dotnet", [typeof(CommandLine).Assembly.Location, "--listen", $"127.0.0.1:{Port}", "--data", scratch.At("data"), .. arguments], scratch.Path);
        await Waiting.UntilAsync("the ledger is ready", async () => Run.HasEnded || (await http.GetAsync(new Uri(Address, "/ready"))).IsSuccessStatusCode, () => Text);
        Assert.False(Run.HasEnded, Text);
    }

    /// <param name="signal">TERM: it ends as it should; KILL: at once.</param>
    public async Task StopAsync(string signal)
    {
        await Run.SignalAsync(signal);
        await Run.EndAsync();
        await Run.DisposeAsync();
        _run = null;
    }

    /// <summary>Records of a stream, as the archive has them.</summary>
    public async Task<List<JsonElement>> RecordsAsync(string stream)
    {
        var records = new List<JsonElement>();
        using var archive = new FolderArchive(scratch.At("data/archive"));
        await foreach (var name in archive.ListAsync(ArchiveNames.Segments(stream), "", default))
            Segment.Read(await archive.ReadAsync(name, default), (in _, line) => records.Add(JsonDocument.Parse(Encoding.UTF8.GetString(line)).RootElement));
        return records;
    }

    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
            await _run.DisposeAsync();
        http.Dispose();
    }
}
