namespace HaCluster.Tests.Shared;

/// <summary>moto, the AWS that Python programs are tested against, on loopback: its calls and their XML and JSON are not of our making.</summary>
internal sealed class MotoProcess : IAsyncDisposable
{
    /// <summary>Why a test is skipped without it.</summary>
    public const string Needed = "needs moto_server on the PATH (bash tests/all gets it; pip install 'moto[server]')";

    private readonly RunningProgram _process;

    private MotoProcess(RunningProgram process, Uri endpoint) => (_process, Endpoint) = (process, endpoint);

    public Uri Endpoint { get; }

    /// <returns>Null where it is not installed.</returns>
    public static async Task<MotoProcess?> StartAsync()
    {
        if (Programs.Find("moto_server") is not { } program)
            return null;
        var endpoint = new Uri($"http://127.0.0.1:{Waiting.FreePort()}");
        var process = RunningProgram.Start(program, ["-H", "127.0.0.1", "-p", $"{endpoint.Port}"]);
        using var http = new HttpClient();
        try
        {
            await Waiting.UntilAsync(
                "moto answers",
                async () =>
                {
                    if (process.HasEnded)
                        throw new InvalidOperationException($"moto ended before it answered: {process.Text}");
                    using var answer = await http.GetAsync(new Uri(endpoint, "/moto-api/"));
                    return answer.IsSuccessStatusCode;
                },
                () => process.Text);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new MotoProcess(process, endpoint);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
