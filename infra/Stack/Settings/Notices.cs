using HaCluster.Stack.Settings.Network;
using Pulumi;

namespace HaCluster.Stack.Settings;

/// <summary>Says what is allowed but worth a second thought.</summary>
public static class Notices
{
    public static void Report(StackSettings settings)
    {
        foreach (var notice in For(settings))
            Log.Warn(notice);
    }

    public static IEnumerable<string> For(StackSettings settings)
    {
        if (settings.Cluster.PublicAccessCidrs.IsEmpty)
        {
            yield return "ha-cluster:cluster.publicAccessCidrs is empty; the Kubernetes API can be reached only from inside the VPC, so `pulumi up`, "
                + "`preview` and `destroy` must run there (over a VPN), or list the public addresses of your network. `preview` reads every object first, because "
                + "Pulumi.yaml has `refresh: always`; `pulumi preview --refresh=false` does not";
        }
        else if (settings.Cluster.PublicAccessCidrs.Any(cidr => cidr.Prefix == 0))
        {
            yield return "ha-cluster:cluster.publicAccessCidrs is 0.0.0.0/0; the Kubernetes API is open to the whole internet";
        }

        if (settings.Nat == NatMode.Single)
            yield return "ha-cluster:nat is single; if the zone of the only NAT gateway is lost, no zone reaches the internet";

        if (settings.Zones == 2)
            yield return "ha-cluster:zones is 2; after the loss of one zone the other carries everything: half of all capacity must stay idle (a third with 3 zones)";

        if (!settings.Network.InterfaceEndpoints)
            yield return "ha-cluster:network.interfaceEndpoints is false; if the internet is unreachable, nodes cannot join, pull images or get credentials";

        if (!settings.Cluster.DeletionProtection)
            yield return "ha-cluster:cluster.deletionProtection is false; `pulumi destroy` deletes the cluster and everything on it";

        foreach (var notice in settings.Edge.Notices(settings.Sites.All)
            .Concat(settings.Databases.Notices())
            .Concat(settings.Monitoring.Notices())
            .Concat(settings.Logging.Notices(settings.RunsFinanceLog))
            .Concat(settings.Chains.Notices())
            .Concat(settings.Payments.Notices(settings.Chains))
            .Concat(settings.Delivery.Notices())
            .Concat(settings.Backups.Notices())
            .Concat(settings.Sites.Notices()))
        {
            yield return notice;
        }
    }
}
