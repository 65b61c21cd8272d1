namespace HaCluster.Planning.Costs.Estimates;

/// <summary>The role of a line in the cost of redundancy.</summary>
public enum CostRole
{
    Other,
    Node,
    NodeDisk,
    NatGateway,
    NatAddress,
    InterfaceEndpoint,
    DatabaseInstance,
    DatabaseProxy,
    SearchNode,
    SearchMaster,
    Volume,
}
