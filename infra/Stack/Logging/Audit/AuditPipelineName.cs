namespace HaCluster.Stack.Logging.Audit;

/// <summary>Names the pipeline after the cluster.</summary>
public static class AuditPipelineName
{
    /// <summary><c>CLUSTER-audit</c>, or what is left of it in the 28 characters of a pipeline.</summary>
    public static string Of(string cluster) => ShortName.Of(cluster, "audit");
}
