using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack;

/// <summary>
/// The whole cluster, from the account up: each part uses those above it. <c>HaClusterStack_Parts.cs</c> creates each part;
/// <c>HaClusterStack_Outputs.cs</c> has the outputs of the stack.
/// </summary>
public sealed partial class HaClusterStack : Pulumi.Stack
{
    public HaClusterStack()
    {
        var settings = SettingsSource.Load();
        Notices.Report(settings);
        var zones = ZoneLookup.Find(settings.Region, settings.Zones);
        var scope = Scope(settings);
        var logGroups = new LogGroupNames(settings.Name);

        var keys = Keys(scope, logGroups);
        var network = Network(settings, zones, scope, logGroups, keys);
        var controlPlane = ControlPlane(settings, scope, logGroups, keys, network);
        var nodes = Nodes(settings, scope, network, controlPlane);
        var foundation = Foundation(settings, scope, keys, network, controlPlane, nodes);
        var services = Services(settings, foundation);

        Monitoring(settings, foundation, services);
        Edge(settings, foundation, services);
        var databases = Databases(settings, foundation, services);
        var logging = Logging(settings, foundation, services);
        Chains(settings, foundation, services);
        Payments(settings, foundation, services, databases);
        var delivery = Delivery(settings, foundation, services);
        var backups = Backups(settings, foundation, services);

        SetOutputs(settings, logGroups, keys, network, controlPlane, nodes);
        SetOutputs(services, databases, logging, delivery, backups);
    }
}
