using Pulumi;
using Pulumi.Kubernetes.ApiExtensions;

namespace HaCluster.Stack.Storage;

/// <summary>A class of volume snapshots (https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/).</summary>
public sealed class VolumeSnapshotClassArgs : CustomResourceArgs
{
    public VolumeSnapshotClassArgs()
        : base("snapshot.storage.k8s.io/v1", "VolumeSnapshotClass")
    {
    }

    [Input("driver", required: true)]
    public Input<string> Driver { get; set; } = null!;

    /// <summary><c>Retain</c> keeps the snapshot in AWS when its object is deleted, <c>Delete</c> does not.</summary>
    [Input("deletionPolicy", required: true)]
    public Input<string> DeletionPolicy { get; set; } = null!;
}
