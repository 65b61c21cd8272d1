using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace HaCluster.Account.Tests.Moto;

/// <summary>
/// moto, the AWS that Python programs are tested against, on loopback: the calls here and their XML and JSON are not of our making.
/// </summary>
public sealed class MotoServer : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private readonly HttpClient _http = new();
    private Process? _process;

    public Uri Endpoint { get; private set; } = null!;

    public static BasicAWSCredentials Credentials => new("AKIAIOSFODNN7EXAMPLE", "not-a-secret");

    /// <summary>Where <c>bash tests/all</c> puts it.</summary>
    private static string Packages => Path.Combine(
        Environment.GetEnvironmentVariable("HA_MOTO")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "ha-cluster", "moto"),
        "moto", "usr", "lib", "python3", "dist-packages");

    public async Task InitializeAsync()
    {
        if (!Directory.Exists(Packages) || !File.Exists("/usr/bin/python3"))
            return;
        var port = FreePort();
        var start = new ProcessStartInfo("/usr/bin/python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", $"{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONPATH"] = Packages;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        using var timeout = new CancellationTokenSource(Timeout);
        while (!await AnswersAsync(timeout.Token))
            await Task.Delay(100, timeout.Token);
    }

    /// <summary>An account in which nothing was made yet.</summary>
    public async Task<MotoAccount> ResetAsync()
    {
        Skip.If(_process is null, "needs moto (bash tests/all installs it)");
        using var answer = await _http.PostAsync(new Uri(Endpoint, "/moto-api/reset"), null);
        answer.EnsureSuccessStatusCode();
        return new MotoAccount(Endpoint);
    }

    public Task DisposeAsync()
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill(entireProcessTree: true);
        _process?.Dispose();
        _process = null;
        _http.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (_process!.HasExited)
            throw new InvalidOperationException("moto ended before it answered");
        try
        {
            using var answer = await _http.GetAsync(new Uri(Endpoint, "/moto-api/"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>One moto for all tests that need it, one after the other: each begins with an empty account.</summary>
[CollectionDefinition(Name)]
public sealed class MotoCollection : ICollectionFixture<MotoServer>
{
    public const string Name = "moto";
}
