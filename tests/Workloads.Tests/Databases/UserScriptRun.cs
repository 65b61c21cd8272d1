using System.Text.Json;
using HaCluster.Stack.Databases.Users;

namespace HaCluster.Workloads.Tests.Databases;

/// <summary>
/// The scripts of a database's users, one after the other as in the pod, against a real server. Only the AWS CLI is a stand-in, which keeps
/// secrets in files.
/// </summary>
internal sealed class UserScriptRun
{
    private const string Aws = """
        #!/bin/bash
        secret="$(dirname "$0")/../secrets/$4"
        case $2 in
          get-secret-value)
            [ ! -f "$secret.refused" ] || { echo "An error occurred (AccessDeniedException)" >&2; exit 254; }
            [ -s "$secret" ] || { echo "An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation" >&2; exit 254; }
            cat "$secret" ;;
          put-secret-value) cp "${6#file://}" "$secret" ;;
        esac
        """;

    private readonly Scratch _scratch;
    private readonly DatabaseServer _server;

    public UserScriptRun(Scratch scratch, DatabaseServer server)
    {
        _scratch = scratch;
        _server = server;
        var tool = scratch.Write("tools/aws", Aws.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        scratch.Write("secrets/master", JsonSerializer.Serialize(new { username = DatabaseServer.Master, password = DatabaseServer.MasterPassword }));
        foreach (var (name, text) in new[]
        {
            (UserScripts.Prepare, UserScripts.PrepareText), (UserScripts.Apply, UserScripts.ApplyOf(server.Engine)), (UserScripts.Publish, UserScripts.PublishText),
        })
        {
            scratch.Write($"setup/{name}", text.ReplaceLineEndings("\n"));
        }
    }

    /// <summary>Seconds that a password is used.</summary>
    public int RotationSeconds { get; set; } = 3_600;

    /// <summary>Who vouches for the server's certificate.</summary>
    public string? Authorities { get; set; }

    public static string DatabaseOf(DatabaseServer server, string owner) =>
        server is MariaDbServer ? DatabaseUser.OwnDatabase(DatabaseServer.Database, owner) : DatabaseServer.Database;

    /// <returns>Whether all steps succeeded, and what they printed.</returns>
    public async Task<(bool Done, string Output)> RunAsync(params string[] namespaces)
    {
        _scratch.Write(
            $"setup/{UserScripts.Users}",
            string.Concat(namespaces.Select(owner => $"{DatabaseUser.NameOf(owner)} {owner}-a {owner}-b {owner}-current {DatabaseOf(_server, owner)}\n")));
        // Each pod has its own.
        if (Directory.Exists($"{_scratch.Path}/work"))
            Directory.Delete($"{_scratch.Path}/work", recursive: true);
        Directory.CreateDirectory($"{_scratch.Path}/work");
        var all = "";
        foreach (var (shell, script) in new[] { ("bash", UserScripts.Prepare), ("sh", UserScripts.Apply), ("bash", UserScripts.Publish) })
        {
            var (done, output) = await RunAsync(shell, $"{_scratch.Path}/setup/{script}");
            all += output;
            if (!done)
                return (false, all);
        }

        return (true, all);
    }

    /// <summary>What is delivered to a namespace; null while that is nothing.</summary>
    public (string User, string Password)? Delivered(string owner)
    {
        var path = $"{_scratch.Path}/secrets/{owner}-current";
        if (!File.Exists(path))
            return null;
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return (json.RootElement.GetProperty("username").GetString()!, json.RootElement.GetProperty("password").GetString()!);
    }

    public void Refuse(string secret) => _scratch.Write($"secrets/{secret}.refused", "");

    private async Task<(bool Done, string Output)> RunAsync(string shell, string script)
    {
        var environment = _server.Environment.ToDictionary(variable => variable.Key, variable => (string?)variable.Value);
        environment["PATH"] = $"{_scratch.Path}/tools:{Environment.GetEnvironmentVariable("PATH")}";
        environment["AUTHORITIES"] = Authorities ?? _server.AuthorityPath;
        environment["HOME"] = $"{_scratch.Path}/work";
        environment["MASTER_SECRET"] = "master";
        environment["PAUSE_SECONDS"] = "1";
        environment["ROTATION_SECONDS"] = $"{RotationSeconds}";
        environment["SETUP"] = $"{_scratch.Path}/setup";
        environment["WAIT_SECONDS"] = "3";
        environment["WORK"] = $"{_scratch.Path}/work";
        // Without a terminal, as in a pod.
        var ended = await Programs.RunAsync("setsid", ["--wait", shell, script], environment: environment);
        return (ended.Succeeded, ended.Text);
    }
}
