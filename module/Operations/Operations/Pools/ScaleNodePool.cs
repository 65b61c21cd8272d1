using HaCluster.Operations.Running;

namespace HaCluster.Operations.Pools;

/// <summary>Changes the size of a node pool: of the node group in each of its zones. What is null stays.</summary>
/// <param name="Pool">The pool of the stack, or one node group of it.</param>
/// <param name="Desired">Nodes per node group, as <c>min</c> and <c>max</c>.</param>
public sealed record ScaleNodePool(string Pool, int? Desired, int? Min, int? Max, TimeSpan Timeout) : OperationRequest
{
    public override string Command => "Set-HaNodePoolScale";

    public override string Target => $"node pool {Pool}";
}
