namespace HaCluster.Cli.Tests.Processes;

/// <summary>A directory of the test's own, gone when the test is.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ha-cli-").FullName;

    public string File(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(relative))!);
        System.IO.File.WriteAllText(At(relative), text);
        return At(relative);
    }

    public string At(string relative) => System.IO.Path.Combine(Path, relative);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
