using HaCluster.Conformance.Emit;
using HaCluster.Engine;

namespace HaCluster.Conformance.Wire;

/// <summary>The Node half of the twins, copied to where it sees the official packages.</summary>
public sealed class NodeTwin : IDisposable
{
    private readonly NodeWorkspace? _workspace;

    public NodeTwin()
    {
        if (NodePackages.Missing is not null)
            return;
        _workspace = new NodeWorkspace();
        _workspace.CopyFrom(Path.Combine(Checkout.Root, "tests", "Conformance", "WireTwin", "Node"));
    }

    public ProgramStart Start => _workspace!.Start();

    public void Dispose() => _workspace?.Dispose();
}
