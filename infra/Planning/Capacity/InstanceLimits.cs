namespace HaCluster.Planning.Capacity;

/// <summary>The maximum number of network interfaces, addresses and EBS volumes of an EC2 instance type.</summary>
/// <param name="Interfaces">Network interfaces of the first network card.</param>
/// <param name="AddressesPerInterface">IPv4 addresses of one interface, its own included.</param>
/// <param name="Attachments">EBS volumes, the root volume included.</param>
/// <param name="IsShared">Network interfaces beyond the first take from <paramref name="Attachments"/>.</param>
public sealed record InstanceLimits(string Name, int Interfaces, int AddressesPerInterface, int Attachments, bool IsShared)
{
    // A prefix is 16 addresses (https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html).
    private const int AddressesOfPrefix = 16;

    /// <summary>Pods with an address each, without prefixes; two more run on the addresses of the node
    /// (https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/eni_max_pods.go).</summary>
    public int PodsWithoutPrefixes => (Interfaces * (AddressesPerInterface - 1)) + 2;

    /// <summary>
    /// Volumes left for <paramref name="pods"/> pods, as the driver computes them: less the root volume, and where attachments are shared less
    /// the further interfaces that hold the pods' prefixes and a spare one
    /// (https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/node.go, getVolumesLimit).
    /// </summary>
    public int VolumesFor(int pods)
    {
        var prefixes = ((pods + AddressesOfPrefix - 1) / AddressesOfPrefix) + 1;
        var interfaces = Math.Min(Interfaces, (prefixes + AddressesPerInterface - 2) / (AddressesPerInterface - 1));
        return Math.Max(1, Attachments - 1 - (IsShared ? interfaces - 1 : 0));
    }
}
