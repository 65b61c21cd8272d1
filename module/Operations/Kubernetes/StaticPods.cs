namespace HaCluster.Operations.Kubernetes;

/// <summary>Pods that the kubelet of a node runs from files of its own; the API has only a mirror of each.</summary>
internal static class StaticPods
{
    /// <summary>Of a mirror.</summary>
    public const string MirrorAnnotation = "kubernetes.io/config.mirror";
}
