using System.Collections.Immutable;
using System.Xml.Linq;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <content>What a destroyed cluster leaves behind: things that controllers in the cluster made, not the program.</content>
internal sealed partial class Ec2Wire
{
    public async Task<ImmutableArray<TaggedResource>> ListLeftoversAsync(string cluster, CancellationToken cancellationToken)
    {
        var ownership = new ClusterOwnership(cluster, []);
        (string Kind, string Operation, string Set, string Id, string State, string Tags)[] kinds =
        [
            ("network interface", "DescribeNetworkInterfaces", "networkInterfaceSet", "networkInterfaceId", "status", "tagSet"),
            ("security group", "DescribeSecurityGroups", "securityGroupInfo", "groupId", "", "tagSet"),
            ("volume", "DescribeVolumes", "volumeSet", "volumeId", "status", "tagSet"),
            ("snapshot", "DescribeSnapshots", "snapshotSet", "snapshotId", "status", "tagSet"),
            ("elastic IP", "DescribeAddresses", "addressesSet", "allocationId", "", "tagSet"),
        ];
        var found = ImmutableArray.CreateBuilder<TaggedResource>();
        foreach (var kind in kinds)
        {
            // Without an owner DescribeSnapshots lists the public snapshots of the world.
            (string, string)[] parameters = kind.Operation == "DescribeSnapshots" ? [("Owner.1", "self")] : [];
            var items = kind.Operation == "DescribeAddresses" ? await AddressesAsync(cancellationToken) : await AwsErrors.TranslateAsync(
                $"{kind.Kind}s", async () => await CollectAsync(kind.Operation, kind.Set, parameters, xml => xml, cancellationToken));
            found.AddRange(items.Where(item => ownership.Owns(item.Tags(kind.Tags)))
                .Select(item => new TaggedResource(kind.Kind, item.Text(kind.Id) ?? "", item.Tags(kind.Tags).GetValueOrDefault("Name") ?? "", item.Text(kind.State) ?? "")));
        }

        return found.ToImmutable();
    }

    /// <summary>DescribeAddresses has no pages.</summary>
    private Task<ImmutableArray<XElement>> AddressesAsync(CancellationToken cancellationToken) => AwsErrors.TranslateAsync("elastic IPs", async () =>
        (await Query.CallAsync("DescribeAddresses", [], cancellationToken)).List("addressesSet").ToImmutableArray());
}
