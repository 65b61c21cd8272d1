namespace HaCluster.Workloads.Tests.Peers;

/// <summary>A program that others wrote, found on PATH; a test that needs a missing one is skipped with the reason.</summary>
public sealed record Tool(string Name, string DebianPackage)
{
    public static Tool Promtool { get; } = new("promtool", "prometheus");

    public static Tool Prometheus { get; } = new("prometheus", "prometheus");

    public static Tool Amtool { get; } = new("amtool", "prometheus-alertmanager");

    public static Tool Alertmanager { get; } = new("prometheus-alertmanager", "prometheus-alertmanager");

    public static Tool HaProxy { get; } = new("haproxy", "haproxy");

    public static Tool MariaDb { get; } = new("mariadb", "mariadb-client");

    public static Tool MariaDbServer { get; } = new("mariadbd", "mariadb-server-core");

    public static Tool BusyBox { get; } = new("busybox", "busybox");

    /// <summary>Null when it is not installed.</summary>
    public string? Path => Programs.Find(Name);

    /// <summary>Skips the running test when the program is not installed.</summary>
    public string Require()
    {
        Skip.If(Path is null, $"needs {Name}: apt-get install {DebianPackage}");
        return Path!;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code, and all it printed.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(string workingDirectory, params string[] arguments)
    {
        var ended = await Programs.RunAsync(Require(), arguments, workingDirectory);
        return (ended.ExitCode, ended.Text);
    }
}
