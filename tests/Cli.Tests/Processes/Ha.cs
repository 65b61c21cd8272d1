using System.Diagnostics;

namespace HaCluster.Cli.Tests.Processes;

/// <summary>The built <c>ha</c>, run as a person runs it.</summary>
internal static class Ha
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    public static string Checkout { get; } = FindCheckout();

    /// <summary>Of the same configuration as these tests.</summary>
    public static string Assembly { get; } =
        Path.Combine(Checkout, "infra", "Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "ha.dll");

    public static HaResult Run(params string[] arguments) => Run(Checkout, [], arguments);

    public static HaResult Run(string directory, Dictionary<string, string> environment, params string[] arguments) =>
        Finish(Start("dotnet", directory, environment, [Assembly, .. arguments]));

    public static HaResult Shell(string directory, string command) => Finish(Start("bash", directory, [], ["-c", command]));

    public static Process Start(string program, string directory, Dictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Remove("NO_COLOR");
        start.Environment.Remove("COLUMNS");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static HaResult Finish(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Timeout))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"ha did not end; it wrote: {output.Result}{error.Result}");
            }

            return new HaResult(process.ExitCode, output.Result, error.Result);
        }
    }

    private static string FindCheckout()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Infra.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("these tests run from a checkout");
        return directory.FullName;
    }
}
