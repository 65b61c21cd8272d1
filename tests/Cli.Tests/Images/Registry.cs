using System.Text;
using System.Text.Json.Nodes;

namespace HaCluster.Cli.Tests.Images;

/// <summary>Debian's <c>docker-registry</c> on a free port of loopback, with an empty store.</summary>
internal sealed class Registry : IDisposable
{
    public const string User = "deployer", Password = "correct horse";

    // Of the password above, by bcrypt, the only form that the registry takes.
    private const string Hash = "$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";

    private static readonly HttpClient Http = new();

    private readonly RunningProgram _program;

    private Registry(RunningProgram program, int port) => (_program, Host) = (program, $"127.0.0.1:{port}");

    public string Host { get; }

    public static bool IsMissing => Programs.Find("docker-registry") is null;

    /// <param name="asksWho">Whether it takes only <see cref="User"/> with <see cref="Password"/>.</param>
    public static async Task<Registry> StartAsync(Scratch scratch, bool asksWho = false)
    {
        var port = Waiting.FreePort();
        var auth = asksWho ? $"auth:\n  htpasswd:\n    realm: images\n    path: '{scratch.Write($"{port}/htpasswd", $"{User}:{Hash}\n")}'\n" : "";
        var settings = scratch.Write($"{port}/settings.yml", $"""
            version: 0.1
            log:
              level: warn
            storage:
              filesystem:
                rootdirectory: '{scratch.At($"{port}/store")}'
            http:
              addr: '127.0.0.1:{port}'
            {auth}
            """);
        var registry = new Registry(RunningProgram.Start(Programs.Find("docker-registry")!, ["serve", settings]), port);
        await Waiting.UntilAsync("the registry answers", async () => (await Http.GetAsync(new Uri($"http://{registry.Host}/v2/"))).IsSuccessStatusCode || asksWho, () => registry._program.Text);
        return registry;
    }

    /// <summary>As somebody asks who knows nothing of this project.</summary>
    public async Task<(byte[] Content, string? Digest)> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{Host}/v2/{path}")) { Headers = { { "Accept", "application/vnd.oci.image.manifest.v1+json" } } };
        using var answer = await Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        return (await answer.Content.ReadAsByteArrayAsync(), answer.Headers.TryGetValues("Docker-Content-Digest", out var digests) ? digests.First() : null);
    }

    /// <summary>The environment of somebody who pushes.</summary>
    /// <param name="login">User and password as <c>docker login</c> stores them; null for none.</param>
    public Dictionary<string, string?> Login(Scratch scratch, string? login)
    {
        var auths = new JsonObject();
        if (login is not null)
            auths[Host] = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(login)) };
        scratch.Write("docker/config.json", new JsonObject { ["auths"] = auths }.ToJsonString());
        // Whoever runs the tests may have credentials of their own.
        string[] others = ["REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "DOTNET_CONTAINER_REGISTRY_UNAME", "DOTNET_CONTAINER_PUSH_REGISTRY_UNAME"];
        return others.ToDictionary(name => name, _ => (string?)null).Append(new("DOCKER_CONFIG", scratch.At("docker"))).ToDictionary();
    }

    public void Dispose() => _program.Dispose();
}
