using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using HaCluster.Planning.Modelling.Settings;

namespace HaCluster.Operations.Connecting;

/// <summary>
/// What a running local twin leaves for its clients in <c>$XDG_STATE_HOME/ha-cluster/twins/NAME</c> (infra/Cli/Running/TwinDirectory.cs): <c>kubeconfig</c>,
/// <c>environment</c> (lines <c>export NAME=VALUE</c>: endpoint, region and credentials of its AWS), <c>twin.json</c> (what it is), and maybe
/// <c>outputs.json</c> (the outputs of its stack).
/// </summary>
internal sealed record TwinFolder(string Name, string Path)
{
    private static string Root => System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "ha-cluster", "twins");

    public string Kubeconfig => System.IO.Path.Combine(Path, "kubeconfig");

    public static TwinFolder Find(string name)
    {
        var folder = new TwinFolder(name, System.IO.Path.Combine(Root, name));
        if (File.Exists(folder.Kubeconfig))
            return folder.RequireRunning();
        var others = Directory.Exists(Root) ? Directory.GetDirectories(Root).Where(one => File.Exists(System.IO.Path.Combine(one, "kubeconfig"))).Select(one => System.IO.Path.GetFileName(one)).Order().ToList() : [];
        throw new HaClusterException(
            FailureKind.NotConnected, "", $"twin {name}", others.Count == 0 ? "no local twin is running" : "no twin of this name is running",
            Advice.Available(others, "Start one: Start-HaTwin, or ha twin"));
    }

    /// <summary>One that was killed leaves its files behind; its ports may be those of another program by now.</summary>
    private TwinFolder RequireRunning()
    {
        if (ReadJson("twin.json")?["process"] is not { } process)
            return this;
        try
        {
            using var running = System.Diagnostics.Process.GetProcessById((int)process);
            return this;
        }
        catch (ArgumentException)
        {
            throw new HaClusterException(
                FailureKind.NotConnected, "", $"twin {Name}", $"it no longer runs: its process {process} has ended without removing its files in {Path}", "Start it again: Start-HaTwin, or ha twin");
        }
    }

    public IReadOnlyDictionary<string, string> ReadEnvironment()
    {
        var file = System.IO.Path.Combine(Path, "environment");
        return !File.Exists(file) ? new Dictionary<string, string>() : File.ReadLines(file)
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#' && line.Contains('='))
            .Select(line => (line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..] : line).Split('=', 2))
            .ToDictionary(parts => parts[0].Trim(), parts => Unquoted(parts[1].Trim()), StringComparer.Ordinal);
    }

    /// <summary>A word of a shell without its quotes (infra/Cli/Terminal/ShellWord.cs).</summary>
    private static string Unquoted(string word) => word switch
    {
        ['\'', .., '\''] => word[1..^1].Replace(@"'\''", "'", StringComparison.Ordinal),
        ['"', .., '"'] => word[1..^1],
        _ => word,
    };

    public StackOutputs? ReadOutputs() => ReadJson("outputs.json") is { } json ? StackOutputs.Parse(json, $"twin {Name}") : null;

    /// <summary>Names of the EKS cluster and of the stack, and its objectives; null where the twin does not say them.</summary>
    public (string? Cluster, string? Stack, DeclaredObjectives? Objectives) ReadDescription() => ReadJson("twin.json") is { } json
        ? ((string?)json["cluster"], (string?)json["stack"], json["objectives"] is { } objectives ? DeclaredObjectives.Of(objectives.ToJsonString()) : null)
        : (null, null, null);

    private JsonObject? ReadJson(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject : null;
        }
        catch (JsonException exception)
        {
            throw new HaClusterException(FailureKind.NotUnderstood, "", file, $"it is not valid JSON: {exception.Message}", "Stop the twin and start it again", exception);
        }
    }

    public static AWSCredentials? CredentialsOf(IReadOnlyDictionary<string, string> environment)
    {
        if (!environment.TryGetValue("AWS_ACCESS_KEY_ID", out var id) || !environment.TryGetValue("AWS_SECRET_ACCESS_KEY", out var secret))
            return null;
        return environment.TryGetValue("AWS_SESSION_TOKEN", out var token) && token.Length > 0 ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
    }
}
