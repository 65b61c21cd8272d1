using System.Collections.Immutable;

namespace HaCluster.Simulation.Model;

/// <summary>A volume driver: how it creates and attaches volumes, and from where they are reachable.</summary>
public sealed record VolumeDriver
{
    /// <summary>As <c>provisioner</c> of a storage class and <c>csi.driver</c> of a volume write it.</summary>
    public required string Name { get; init; }

    public VolumeReach Reach { get; init; } = VolumeReach.Zone;

    /// <summary>Whether a single-node volume must be detached from one node before another can attach it.</summary>
    public bool Attaches { get; init; } = true;

    /// <summary>Whether it provisions volumes for claims.</summary>
    public bool Provisions { get; init; } = true;

    /// <summary>Access modes of the volumes that it provisions.</summary>
    public VolumeAccess Access { get; init; } = VolumeAccess.All;

    /// <summary>The same for <c>volumeMode: Block</c>.</summary>
    public VolumeAccess BlockAccess { get; init; } = VolumeAccess.All;

    /// <summary>False for an unknown driver, whose other properties are assumptions.</summary>
    public bool IsKnown { get; init; } = true;

    // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/driver/controller.go (volumeCaps) and docs/multi-attach.md: one node, but for
    // io2 volumes without a file system.
    public static readonly VolumeDriver Ebs = new()
    {
        Name = "ebs.csi.aws.com",
        Access = VolumeAccess.ReadWriteOnce | VolumeAccess.ReadWriteOncePod,
        BlockAccess = VolumeAccess.ReadWriteOnce | VolumeAccess.ReadWriteOncePod,
    };

    /// <summary>Binds claims to pre-created volumes.</summary>
    public static readonly VolumeDriver NoProvisioner = new() { Name = "kubernetes.io/no-provisioner", Provisions = false };

    private static readonly ImmutableArray<VolumeDriver> Known =
    [
        Ebs,
        // EKS Auto Mode: https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html
        Ebs with { Name = "ebs.csi.eks.amazonaws.com" },
        NoProvisioner,
        // https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/pkg/driver/driver.go: file systems only, attachRequired: false.
        Shared("efs.csi.aws.com"),
        // https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/pkg/driver/controller.go
        Shared("fsx.csi.aws.com"),
        // https://github.com/kubernetes-sigs/aws-fsx-openzfs-csi-driver/blob/main/pkg/driver/controller.go
        Shared("fsx.openzfs.csi.aws.com"),
        // https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/docs/CONFIGURATION.md: "static provisioning only".
        Shared("s3.csi.aws.com") with { Provisions = false },
        // https://github.com/rancher/local-path-provisioner: a directory of one node.
        new() { Name = "rancher.io/local-path", Reach = VolumeReach.Node, Attaches = false, Access = VolumeAccess.ReadWriteOnce | VolumeAccess.ReadWriteOncePod, BlockAccess = VolumeAccess.None },
    ];

    /// <summary>
    /// In-tree EBS is handled by the CSI driver since 1.23, the only one left since 1.27
    /// (https://kubernetes.io/docs/concepts/storage/volumes/#awselasticblockstore).
    /// </summary>
    public static VolumeDriver Find(string provisioner) =>
        provisioner is "kubernetes.io/aws-ebs" ? Ebs : Known.FirstOrDefault(driver => driver.Name == provisioner) ?? new VolumeDriver { Name = provisioner, IsKnown = false };

    /// <summary>The requested access modes that it does not support.</summary>
    public VolumeAccess Lacks(VolumeAccess access, bool isBlock) => access & ~(isBlock ? BlockAccess : Access);

    private static VolumeDriver Shared(string name) =>
        new() { Name = name, Reach = VolumeReach.Anywhere, Attaches = false, BlockAccess = VolumeAccess.None };
}

/// <summary>The places where a volume can be used.</summary>
public enum VolumeReach
{
    Anywhere,
    Zone,
    Node,
}
