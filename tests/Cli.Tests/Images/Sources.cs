using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Images;

/// <summary>Checkouts of one commit in folders of their own: what services are built from, as it is in this checkout.</summary>
internal static class Sources
{
    private static readonly string Services = Path.Combine("infra", "Services");

    /// <param name="service">The only one whose files are checked out; null for all.</param>
    public static Task CommitAsync(string folder, string origin, string? service = null)
    {
        Copy(folder, Files());
        return CommitFilesAsync(folder, origin, service is null ? "" : $"git sparse-checkout set '{Services}/{service}'");
    }

    /// <summary>A service of one line, which takes seconds to build, with the name and the setting of the sentinel.</summary>
    public static async Task CommitTinyAsync(string folder, string origin)
    {
        Copy(folder, Files().Where(file => Path.GetDirectoryName(file) == Services || !file.StartsWith(Services, StringComparison.Ordinal)));
        var service = Directory.CreateDirectory(Path.Combine(folder, Services, "Tiny")).FullName;
        await File.WriteAllTextAsync(Path.Combine(service, "Program.cs"), "System.Console.WriteLine(\"tiny\");\n");
        await File.WriteAllTextAsync(Path.Combine(service, "Tiny.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <AssemblyName>sentinel</AssemblyName>
                <Version>1.0.0</Version>
                <ImageSetting>ha-cluster:chains.images.sentinel</ImageSetting>
              </PropertyGroup>
            </Project>
            """);
        await CommitFilesAsync(folder, origin, "");
    }

    private static void Copy(string folder, IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            var target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Ha.Checkout, file), target);
        }
    }

    private static async Task CommitFilesAsync(string folder, string origin, string last)
    {
        var script = $"""
            set -e
            git init --quiet
            git remote add origin '{origin}'
            git add --all
            GIT_AUTHOR_DATE=2026-01-02T03:04:05Z GIT_COMMITTER_DATE=2026-01-02T03:04:05Z \
                git -c user.name=test -c user.email=test@example.com -c commit.gpgsign=false commit --quiet --message services
            {last}
            """;
        var made = await Programs.RunAsync("bash", ["-c", script], folder);
        Assert.True(made.Succeeded, made.Text);
    }

    private static IEnumerable<string> Files() =>
        new[] { ".gitignore", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", Path.Combine("infra", "BannedSymbols.txt") }
            .Concat(Directory.EnumerateFiles(Path.Combine(Ha.Checkout, Services), "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Ha.Checkout, path))
                .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")));
}
