namespace HaCluster.Planning.Costs.Estimates;

/// <summary>What a line is for, where the price of redundancy asks for it.</summary>
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
