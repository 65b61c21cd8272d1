using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Volumes;

/// <summary>The storage class gp2 that EKS creates in every cluster; since 1.30 it is no longer the default.</summary>
internal static class EksStorage
{
    private const int LastMinorWithDefault = 29;

    // https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-extended.html, Kubernetes 1.30. Its provisioner is the in-tree one, which the EBS CSI
    // driver answers for.
    /// <param name="version">Of the cluster; null when AWS chooses, which is a later one.</param>
    public static ClusterStorage Of(string? version) => ClusterStorage.Empty with
    {
        Classes = [new StorageClass { Name = "gp2", Driver = VolumeDriver.Ebs, IsDefault = MinorOf(version) <= LastMinorWithDefault }],
    };

    private static int MinorOf(string? version) =>
        version?.Split('.') is ["1", var minor, ..] && int.TryParse(minor, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
