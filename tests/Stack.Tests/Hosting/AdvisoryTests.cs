using System.Text.RegularExpressions;
using HaCluster.Stack.Tests.Wire;

namespace HaCluster.Stack.Tests.Hosting;

/// <summary>A published advisory on a package of the program: a warning in a user's build, so that `pulumi up` goes on, and a failure in CI.</summary>
public sealed partial class AdvisoryTests : IDisposable
{
    // Of the packages that every project of the program restores.
    private const string Package = "Google.Protobuf";

    private readonly DirectoryInfo _checkout = Directory.CreateTempSubdirectory("advisories-");

    public void Dispose() => _checkout.Delete(recursive: true);

    [Fact]
    public async Task An_advisory_stops_CI_and_nobody_else()
    {
        CopyProjects();
        await using var source = await AuditSource.StartAsync(Package);
        WriteSources(source.Address);

        var ci = await RestoreAsync(("FailOnAdvisories", "true"));
        var user = await RestoreAsync();

        Assert.NotEqual(0, ci.ExitCode);
        Assert.Equal(["error NU1903"], Findings(ci.Output));
        Assert.True(user.ExitCode == 0, user.Output);
        Assert.Equal(["warning NU1903"], Findings(user.Output));
    }

    [Fact]
    public async Task An_audit_source_that_cannot_be_read_stops_nobody()
    {
        CopyProjects();
        string address;
        await using (var source = await AuditSource.StartAsync(Package))
            address = source.Address;
        WriteSources(address);

        var ci = await RestoreAsync(("FailOnAdvisories", "true"));

        Assert.True(ci.ExitCode == 0, ci.Output);
        // NU1900: it could not be read. NU1905: it gave no advisories.
        Assert.Equal(["warning NU1900", "warning NU1905"], Findings(ci.Output).Order(StringComparer.Ordinal));
    }

    /// <summary>All that a restore reads, so that the checkout itself is left as it is.</summary>
    private void CopyProjects()
    {
        var files = new[] { "global.json", "Directory.Build.props", "Directory.Packages.props", "infra/Sdk/Plugins.targets", "infra/Stack/Stack.csproj" }
            .Concat(Directory.EnumerateFiles(Path.Combine(StackFile.Root, "infra", "Sdk"), "*.csproj", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(StackFile.Root, file)));
        foreach (var file in files)
        {
            var copy = Path.Combine(_checkout.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(StackFile.Root, file), copy);
        }
    }

    // Every package is in the global folder already, put there by the build of these tests.
    private void WriteSources(string address) => File.WriteAllText(
        Path.Combine(_checkout.FullName, "nuget.config"),
        $"""
        <configuration>
          <packageSources><clear /></packageSources>
          <auditSources><clear /><add key="test" value="{address}" allowInsecureConnections="true" /></auditSources>
        </configuration>
        """);

    private async Task<(int ExitCode, string Output)> RestoreAsync(params (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(variable => variable.Name, variable => (string?)variable.Value);
        variables["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_checkout.FullName, "cache");
        var result = await Dotnet.RunAsync(_checkout.FullName, variables, "restore", "infra/Stack", "--force");
        return (result.ExitCode, result.Text);
    }

    private static string[] Findings(string output) => [.. Finding().Matches(output).Select(match => match.Value).Distinct()];

    [GeneratedRegex(@"(error|warning) NU19\d\d")]
    private static partial Regex Finding();
}
