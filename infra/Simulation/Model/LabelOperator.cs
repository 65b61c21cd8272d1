namespace HaCluster.Simulation.Model;

/// <summary>Operators of label and node selectors; the last two for nodes only.</summary>
public enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    Gt,
    Lt,
}
