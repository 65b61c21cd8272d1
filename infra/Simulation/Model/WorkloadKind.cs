namespace HaCluster.Simulation.Model;

public enum WorkloadKind
{
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    Pod,
}
