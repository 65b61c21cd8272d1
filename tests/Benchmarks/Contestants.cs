using HaCluster.Conformance.Emit;
using HaCluster.Engine;

namespace HaCluster.Benchmarks;

/// <summary>The four programs, ready to run: the emitted one is compiled beforehand, which a user of the Node SDK often does not do.</summary>
internal sealed class Contestants : IDisposable
{
    private const string ManyResources = "5000";

    private readonly NodeWorkspace _emitted = new();
    private readonly NodeWorkspace _many = new();

    private Contestants() { }

    public Contestant Stack { get; } = new("C#", StackProgram.Request("prod", StackProgram.Start));

    public Contestant EmittedStack => new("Node", StackProgram.Request("prod", _emitted.Start()));

    public Contestant Many { get; } = new("C#", SyntheticRequest(ManyProgram));

    public Contestant ManyInNode => new("Node", SyntheticRequest(_many.Start()));

    private static ProgramStart ManyProgram
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var folder = Path.Combine(Checkout.Root, "tests", "Benchmarks", "Many", "bin", output.Parent!.Name, output.Name);
            return new ProgramStart("dotnet", [Path.Combine(folder, "HaCluster.Benchmarks.Many.dll")], folder);
        }
    }

    public static async Task<Contestants> PrepareAsync()
    {
        var contestants = new Contestants();
        contestants._many.CopyFrom(Path.Combine(Checkout.Root, "tests", "Benchmarks", "Many", "Node"));
        var declared = await EmbeddedEngine.RunAsync(contestants.Stack.Request);
        var complaints = await contestants._emitted.CompileAsync(
            TypeScriptProgram.Emit(declared.Graph, PackageFacts.Load(Checkout.Schemas)));
        return complaints.Count == 0
            ? contestants
            : throw new InvalidOperationException($"the emitted program does not compile:\n{string.Join('\n', complaints)}");
    }

    public void Dispose()
    {
        _emitted.Dispose();
        _many.Dispose();
    }

    private static DeploymentRequest SyntheticRequest(ProgramStart program)
    {
        var synthetic = program with { Environment = new Dictionary<string, string> { ["MANY_RESOURCES"] = ManyResources } };
        // Node says nothing before it has constructed all of them.
        return StackProgram.Request("prod", synthetic) with { SilenceLimit = TimeSpan.FromMinutes(10) };
    }
}
