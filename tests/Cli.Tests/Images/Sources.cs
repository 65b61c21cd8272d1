using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Images;

/// <summary>Checkouts of one commit in folders of their own: what the services are built from, as it is in this checkout.</summary>
internal static class Sources
{
    public static async Task CommitAsync(string folder, string origin)
    {
        foreach (var file in Files())
        {
            var target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Ha.Checkout, file), target);
        }

        var script = $"""
            set -e
            git init --quiet
            git remote add origin '{origin}'
            git add --all
            GIT_AUTHOR_DATE=2026-01-02T03:04:05Z GIT_COMMITTER_DATE=2026-01-02T03:04:05Z \
                git -c user.name=test -c user.email=test@example.com -c commit.gpgsign=false commit --quiet --message services
            """;
        var made = await Programs.RunAsync("bash", ["-c", script], folder);
        Assert.True(made.Succeeded, made.Text);
    }

    private static IEnumerable<string> Files() =>
        new[] { ".gitignore", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", Path.Combine("infra", "BannedSymbols.txt") }
            .Concat(Directory.EnumerateFiles(Path.Combine(Ha.Checkout, "infra", "Services"), "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Ha.Checkout, path))
                .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")));
}
