using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Tests.Scheduling;

/// <summary>Few volumes, claims and classes, of as many kinds as there are rules.</summary>
internal static class RandomStorage
{
    private static readonly StorageClass Static = new() { Name = "static", Driver = VolumeDriver.NoProvisioner };
    private static readonly StorageClass Other = new() { Name = "other", Driver = VolumeDriver.Find("other.csi.io") };
    private static readonly StorageClass Files = new() { Name = "files", Driver = VolumeDriver.Find("efs.csi.aws.com") };
    private static readonly StorageClass InB = new() { Name = "in-b", Driver = VolumeDriver.Ebs, Topologies = [Sample.NodesWhere(Labels.Zone, LabelOperator.In, "b")] };

    /// <summary>By name; what each pod asks for besides is in <see cref="Claims"/>.</summary>
    private static readonly ImmutableArray<VolumeClaim> Shared =
    [
        Claim("static-small", Static), Claim("static-large", Static) with { Bytes = 3 }, Claim("other", Other), Claim("files", Files) with { Access = VolumeAccess.ReadWriteMany },
        Claim("in-b", InB), Claim("single", Other) with { Access = VolumeAccess.ReadWriteOncePod }, Claim("bound", null), Claim("labelled", null), Claim("same-1", null), Claim("same-2", null),
        Claim("chosen", Other),
    ];

    public static readonly ClusterStorage Storage = new()
    {
        Classes = [Static, Other, Files, InB],
        Volumes =
        [
            new PersistentVolume { Name = "s1", Bytes = 2, StorageClass = "static", Driver = VolumeDriver.Ebs, Handle = "s1", Nodes = [Sample.NodesWhere(Labels.Zone, LabelOperator.In, "a")] },
            new PersistentVolume { Name = "s2", Bytes = 5, StorageClass = "static", Driver = VolumeDriver.Ebs, Handle = "s2", Nodes = [Sample.NodesWhere(Labels.Zone, LabelOperator.In, "c", "b")] },
            new PersistentVolume { Name = "b1", Bytes = 1, Driver = VolumeDriver.Ebs, Handle = "b1", Nodes = [Sample.NodesWhere(Labels.Zone, LabelOperator.In, "b")] },
            new PersistentVolume { Name = "l1", Bytes = 1, Labels = Labels.Of(("failure-domain.beta.kubernetes.io/zone", "a__c")) },
            new PersistentVolume { Name = "m1", Bytes = 1, Driver = Other.Driver, Handle = "same" },
            new PersistentVolume { Name = "m2", Bytes = 1, Driver = Other.Driver, Handle = "same" },
        ],
        Claims =
        [
            .. Shared.Select(claim => new PersistentVolumeClaim("default", claim.Name, claim)
            {
                Volume = claim.Name switch { "bound" => "b1", "labelled" => "l1", "same-1" => "m1", "same-2" => "m2", _ => null },
                SelectedNode = claim.Name == "chosen" ? "node-1" : null,
            }),
        ],
    };

    public static ImmutableArray<VolumeClaim> Claims(int who, int how) =>
    [
        Shared[who % Shared.Length],
        .. how % 3 == 0 ? [new VolumeClaim("own", 1, null) { Owner = how % 2 == 0 ? ClaimOwner.StatefulSet : ClaimOwner.Pod }] : ImmutableArray<VolumeClaim>.Empty,
        .. how % 5 == 0 ? [new VolumeClaim("vol-1", 1, null) { Owner = ClaimOwner.None }] : ImmutableArray<VolumeClaim>.Empty,
    ];

    private static VolumeClaim Claim(string name, StorageClass? storageClass) => new(name, 1, storageClass?.Name) { Owner = ClaimOwner.Other, Class = storageClass };
}
