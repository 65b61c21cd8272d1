using HaCluster.Engine;

namespace HaCluster.Conformance.Emit;

/// <summary>A throw-away folder with a Node program in it that sees the official packages.</summary>
public sealed class NodeWorkspace : IDisposable
{
    private const string Program = "program.js";

    public NodeWorkspace()
    {
        Folder = Directory.CreateTempSubdirectory("ha-node-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(Folder, "node_modules"), NodePackages.Directory);
        Write("package.json", $$"""{ "name": "emitted", "version": "0.0.0", "main": "{{Program}}" }""");
        Write("tsconfig.json", """
            {
              "compilerOptions": {
                "strict": true, "target": "es2022", "module": "node16", "moduleResolution": "node16",
                "skipLibCheck": true, "noEmitOnError": true, "types": []
              },
              "files": ["program.ts"]
            }
            """);
    }

    public string Folder { get; }

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    /// <summary>Copies a folder's files, sub-folders included, over what is here.</summary>
    public void CopyFrom(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Folder, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    /// <summary>Type-checks <c>program.ts</c> with <c>tsc --strict</c> and, when nothing is wrong with it, writes <c>program.js</c>.</summary>
    /// <returns>What the compiler complained about; empty when nothing.</returns>
    public async Task<IReadOnlyList<string>> CompileAsync(string typeScript)
    {
        Write("program.ts", typeScript);
        var ended = await Programs.RunAsync(
            NodePackages.Node!, [Path.Combine(NodePackages.Directory, "typescript", "bin", "tsc"), "--project", Folder, "--pretty", "false"], Folder);
        var complaints = Complaints(ended.Output);
        return ended.Succeeded || complaints.Count > 0 ? complaints : [$"tsc ended with exit code {ended.ExitCode}: {ended.Error}"];
    }

    /// <summary>A complaint goes on in the lines that are indented.</summary>
    private static List<string> Complaints(string output)
    {
        var complaints = new List<string>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(' ') && complaints.Count > 0)
                complaints[^1] += line;
            else
                complaints.Add(line);
        }
        return complaints;
    }

    /// <summary>The program as the official Node runtime runs it.</summary>
    public ProgramStart Start() => new(
        NodePackages.Node!,
        [
            Path.Combine(NodePackages.Directory, "@pulumi", "pulumi", "cmd", "run", "index.js"),
            "--monitor", "{monitor}", "--engine", "{engine}",
            "--organization", "{organization}", "--project", "{project}", "--stack", "{stack}",
            "--dry-run", "{dryRun}", "--query-mode", "false", "--parallel", "{parallel}",
            "--pwd", Folder, "--config-secret-keys", "[]", Folder,
        ],
        Folder)
    {
        ExpandsPlaceholders = true,
    };

    public void Dispose()
    {
        // The link first: its target is everyone's.
        Directory.Delete(Path.Combine(Folder, "node_modules"));
        Directory.Delete(Folder, recursive: true);
    }
}
