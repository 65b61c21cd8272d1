using System.Text;

namespace HaCluster.Stack.Nodes;

/// <summary>
/// User data of a node. EKS merges it with the data that joins the node to the cluster
/// (https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html, https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/).
/// </summary>
public static class NodeUserData
{
    /// <summary>Pods a node may run: seven prefixes of 16 addresses are enough, and EKS recommends no more below 30 vCPUs.</summary>
    public const int MaxPods = 110;

    /// <summary>
    /// Processes and threads that a pod may have: enough for a large JVM, and a fork bomb ends there and not with the node. OpenShift's default
    /// (https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/nodes/working-with-nodes).
    /// </summary>
    public const int MaxProcesses = 4096;

    // Reserves for the system are added to those of nodeadm for the kubelet. Setting one eviction threshold clears the others, so all
    // are written. Logs of a container end at 100 MiB, long before the disk does.
    private static readonly string NodeConfig = $"""
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="BOUNDARY"

        --BOUNDARY
        Content-Type: application/node.eks.aws

        ---
        apiVersion: node.eks.aws/v1alpha1
        kind: NodeConfig
        spec:
          kubelet:
            config:
              maxPods: {MaxPods}
              podPidsLimit: {MaxProcesses}
              containerLogMaxSize: 20Mi
              containerLogMaxFiles: 5
              imageGCHighThresholdPercent: 75
              imageGCLowThresholdPercent: 60
              systemReserved:
                cpu: 100m
                memory: 256Mi
                ephemeral-storage: 2Gi
              evictionHard:
                memory.available: 200Mi
                nodefs.available: 10%
                nodefs.inodesFree: 5%
                imagefs.available: 15%
                pid.available: 10%

        --BOUNDARY--

        """.ReplaceLineEndings("\n");

    /// <summary>The data in the form that a launch template takes.</summary>
    public static string Base64 { get; } = Convert.ToBase64String(Encoding.UTF8.GetBytes(NodeConfig));
}
