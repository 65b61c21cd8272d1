using Amazon.Runtime;

namespace HaCluster.Account.Tests.Moto;

/// <summary>
/// moto, the AWS that Python programs are tested against, on loopback: the calls here and their XML and JSON are not of our making.
/// </summary>
public sealed class MotoServer : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _http = new();
    private RunningProgram? _process;

    public Uri Endpoint { get; private set; } = null!;

    public static BasicAWSCredentials Credentials => new("AKIAIOSFODNN7EXAMPLE", "not-a-secret");

    public async Task InitializeAsync()
    {
        if (Programs.Find("moto_server") is not { } program)
            return;
        var port = Waiting.FreePort();
        _process = RunningProgram.Start(program, ["-H", "127.0.0.1", "-p", $"{port}"]);
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        await Waiting.UntilAsync("moto answers", AnswersAsync, () => _process.Text);
    }

    /// <summary>An account in which nothing was made yet.</summary>
    public async Task<MotoAccount> ResetAsync()
    {
        Skip.If(_process is null, "needs moto_server on the PATH (bash tests/all gets it; pip install 'moto[server]')");
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
        _process?.Dispose();
        _process = null;
        _http.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasEnded, $"moto ended before it answered: {_process.Text}");
        using var answer = await _http.GetAsync(new Uri(Endpoint, "/moto-api/"));
        return answer.IsSuccessStatusCode;
    }
}

/// <summary>One moto for all tests that need it, one after the other: each begins with an empty account.</summary>
[CollectionDefinition(Name)]
public sealed class MotoCollection : ICollectionFixture<MotoServer>
{
    public const string Name = "moto";
}
