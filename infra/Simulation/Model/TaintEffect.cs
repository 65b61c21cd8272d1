namespace HaCluster.Simulation.Model;

public enum TaintEffect
{
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}
