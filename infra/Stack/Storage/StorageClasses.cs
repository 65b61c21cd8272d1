using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Storage.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Storage;

/// <summary>Input of <see cref="StorageClasses"/>.</summary>
public sealed record StorageClassesArgs
{
    public required Input<string> KeyArn { get; init; }

    public required Kubernetes.Provider Provider { get; init; }

    /// <summary>The driver that makes volumes.</summary>
    public required Resource Driver { get; init; }

    /// <summary>The add-on that installs the CRD of snapshot classes.</summary>
    public required Resource SnapshotController { get; init; }
}

/// <summary>Storage classes: all volumes are encrypted and expandable, and created in the zone where their pod is scheduled.</summary>
public sealed class StorageClasses : ComponentResource
{
    public const string TypeToken = "ha-cluster:storage:StorageClasses";

    /// <summary>The default.</summary>
    public const string General = "gp3";

    /// <summary>Block and state databases of chain nodes: random reads all day, and days of work to fill again, so never deleted with a claim.</summary>
    public const string ChainData = "chain-data";

    /// <summary>Driver of Amazon EBS volumes.</summary>
    public const string EbsDriver = "ebs.csi.aws.com";

    // gp3 gives 3,000 IOPS and 125 MiB/s without being asked: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    private const string ChainIops = "6000";
    private const string ChainThroughput = "500";

    public StorageClasses(string name, StorageClassesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        Declare(General, "Delete", isDefault: true, args, []);
        Declare(ChainData, "Retain", isDefault: false, args, [("iops", ChainIops), ("throughput", ChainThroughput)]);
        _ = new Kubernetes.ApiExtensions.CustomResource(
            "ebs",
            new VolumeSnapshotClassArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = "ebs",

                    // Backups take the class with this label: https://velero.io/docs/main/csi/
                    Labels = { ["velero.io/csi-volumesnapshot-class"] = "true" },
                    Annotations = { ["snapshot.storage.kubernetes.io/is-default-class"] = "true" },
                },
                Driver = EbsDriver,
                DeletionPolicy = "Retain",
            },
            new CustomResourceOptions { Parent = this, Provider = args.Provider, DependsOn = { args.SnapshotController } });
        RegisterOutputs();
    }

    // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
    private void Declare(string name, string reclaimPolicy, bool isDefault, StorageClassesArgs args, (string Key, string Value)[] tuning)
    {
        var parameters = new InputMap<string>
        {
            { "type", "gp3" },
            { "encrypted", "true" },
            { "kmsKeyId", args.KeyArn },
            { "csi.storage.k8s.io/fstype", "ext4" },
        };
        foreach (var (key, value) in tuning)
            parameters.Add(key, value);

        _ = new Kubernetes.Storage.V1.StorageClass(
            name,
            new StorageClassArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = name,
                    Annotations = { ["storageclass.kubernetes.io/is-default-class"] = isDefault ? "true" : "false" },
                },
                Provisioner = EbsDriver,
                AllowVolumeExpansion = true,
                ReclaimPolicy = reclaimPolicy,
                VolumeBindingMode = "WaitForFirstConsumer",
                Parameters = parameters,
            },
            new CustomResourceOptions { Parent = this, Provider = args.Provider, DependsOn = { args.Driver } });
    }
}
