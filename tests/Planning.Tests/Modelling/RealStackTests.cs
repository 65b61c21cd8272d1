using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

/// <summary>The stacks of this checkout.</summary>
public sealed class RealStackTests
{
    [Theory]
    [InlineData("prod")]
    [InlineData("dev")]
    public async Task Nothing_declared_is_unknown(string stack) => Assert.Empty((await RealPlan.Of(stack)).Model.Unknown);

    [Theory]
    [InlineData("prod")]
    [InlineData("dev")]
    public async Task Every_namespace_holds_its_pods_within_its_quota(string stack)
    {
        var model = (await RealPlan.Of(stack)).Model;
        var nodes = model.NodeGroups.Sum(group => group.Desired);
        foreach (var quota in model.Quotas)
        {
            var pods = model.Workloads.Where(workload => workload.Namespace == quota.Namespace)
                .Select(workload => (workload.Pods, Count: workload.Kind == WorkloadKind.DaemonSet ? nodes : workload.Replicas))
                .ToList();
            foreach (var (name, hard) in quota.Hard)
                Assert.True(pods.Sum(entry => quota.UseOf(entry.Pods, name) * entry.Count) <= hard, $"{quota.Namespace}/{quota.Name} {name}");
        }
    }

    [Fact]
    public async Task Prod_has_these_workloads_of_charts_and_addons()
    {
        var model = (await RealPlan.Of("prod")).Model;
        Assert.Equal(
            """
            kube-system/aws-node                                   DaemonSet   x1 50m 0Mi
            kube-system/cluster-autoscaler                         Deployment  x2 100m 600Mi
            kube-system/coredns                                    Deployment  x3 100m 70Mi
            kube-system/ebs-csi-controller                         Deployment  x2 60m 232Mi
            kube-system/ebs-csi-node                               DaemonSet   x1 30m 104Mi
            kube-system/eks-node-monitoring-agent                  DaemonSet   x1 10m 30Mi
            kube-system/eks-pod-identity-agent                     DaemonSet   x1 0m 0Mi
            kube-system/kube-proxy                                 DaemonSet   x1 100m 0Mi
            kube-system/metrics-server                             Deployment  x2 100m 200Mi
            kube-system/snapshot-controller                        Deployment  x2 0m 0Mi
            logging/fluent-bit                                     DaemonSet   x1 100m 384Mi
            monitoring/alertmanager-monitoring-alertmanager        StatefulSet x3 70m 320Mi
            monitoring/blackbox                                    Deployment  x2 50m 128Mi
            monitoring/cloudwatch-exporter                         Deployment  x1 50m 256Mi
            monitoring/k8s-ephemeral-storage-metrics               Deployment  x1 50m 256Mi
            monitoring/monitoring-grafana                          Deployment  x2 200m 896Mi
            monitoring/monitoring-kube-state-metrics               Deployment  x1 100m 512Mi
            monitoring/monitoring-operator                         Deployment  x1 100m 256Mi
            monitoring/monitoring-prometheus-node-exporter         DaemonSet   x1 50m 64Mi
            monitoring/prometheus-monitoring-prometheus            StatefulSet x2 520m 4160Mi
            platform/aws-load-balancer-controller                  Deployment  x3 100m 256Mi
            platform/cert-manager                                  Deployment  x3 50m 256Mi
            platform/cert-manager-cainjector                       Deployment  x3 25m 384Mi
            platform/cert-manager-webhook                          Deployment  x3 25m 128Mi
            platform/envoy-gateway                                 Deployment  x2 100m 1024Mi
            platform/envoy-platform-edge-6bce2638                  Deployment  x3 510m 1056Mi
            platform/external-secrets                              Deployment  x3 50m 256Mi
            platform/external-secrets-cert-controller              Deployment  x3 25m 256Mi
            platform/external-secrets-webhook                      Deployment  x3 25m 128Mi
            platform/velero                                        Deployment  x1 200m 512Mi
            """.ReplaceLineEndings("\n"),
            string.Join('\n', model.Workloads.Where(workload => workload.Source is not Origin.Program).Select(Row)));
    }

    [Fact]
    public async Task Every_spread_rule_and_every_budget_finds_its_pods()
    {
        var model = (await RealPlan.Of("prod")).Model;
        Assert.All(
            model.Workloads.SelectMany(workload => workload.Pods.Spread.Select(spread => (workload, spread))),
            entry => Assert.True(entry.spread.Selector?.Matches(entry.workload.Pods.Labels), $"{entry.workload} {entry.spread.TopologyKey}"));
        Assert.All(
            model.Budgets,
            budget => Assert.True(model.Workloads.Any(workload => budget.Covers(workload.Namespace, workload.Pods.Labels)), $"{budget.Namespace}/{budget.Name}"));
    }

    [Fact]
    public async Task Prods_nodes_offer_what_the_kubelet_leaves()
    {
        var model = (await RealPlan.Of("prod")).Model;
        Assert.Equal(["general", "general-spot", "stateful-1", "stateful-2", "stateful-3", "system"], model.NodeGroups.Select(group => group.Name));
        var system = model.NodeGroups.Single(group => group.Name == "system");
        // m7i.large: 2000m less 60m and 10m of nodeadm and 100m of the user data.
        Assert.Equal(1830, system.Template.Allocatable.MilliCpu);
        // 92.5 % of 8 GiB less 574 MiB (29 pods) of nodeadm, 256 MiB and 200 MiB of the user data.
        Assert.Equal((long)(8192 * 0.925m * 1024 * 1024) - ((574L + 256 + 200) * 1024 * 1024), system.Template.Allocatable.MemoryBytes);
        Assert.Equal((110, 26), (system.Template.MaxPods, system.Template.MaxEbsVolumes!.Value));
        Assert.Equal([new Taint("CriticalAddonsOnly", "true", TaintEffect.NoSchedule)], system.Template.Taints.AsEnumerable());
        Assert.Equal("nodePools.system.min", system.MinSetting);
        Assert.Equal("nodePools.stateful.min", model.NodeGroups.Single(group => group.Name == "stateful-2").MinSetting);
        Assert.Equal("eu-central-1b", Assert.Single(model.NodeGroups.Single(group => group.Name == "stateful-2").Zones));
    }

    [Fact]
    public async Task Prods_ways_in_and_out_and_its_services_are_there()
    {
        var model = (await RealPlan.Of("prod")).Model;
        var entry = Assert.Single(model.EntryPoints);
        Assert.Equal(("platform/envoy-platform-edge-6bce2638", true, 3), (entry.Target, entry.CrossesZones, entry.Zones.Length));
        Assert.Equal(["eu-central-1a", "eu-central-1b", "eu-central-1c"], model.NatGateways.SelectMany(nat => nat.Serves));
        Assert.All(model.NatGateways, nat => Assert.Equal(nat.Zone, Assert.Single(nat.Serves)));
        Assert.Equal(["databases.mysql.readers", "databases.postgresql.readers"], model.Databases.Select(database => database.ReadersSetting));
        Assert.All(model.Databases, database => Assert.Equal((3, true), (database.Instances.Select(instance => instance.Zone).Distinct().Count(), database.HasProxy)));
        Assert.Equal((3, 3, 3, true), model.SearchDomains.Select(domain => (domain.DataNodes, domain.Masters, domain.Zones, domain.HasStandby)).Single());
        Assert.True(model.IsAutoscaled);
    }

    [Fact]
    public async Task Devs_one_nat_gateway_serves_both_zones()
    {
        var model = (await RealPlan.Of("dev")).Model;
        var nat = Assert.Single(model.NatGateways);
        Assert.Equal(["eu-central-1a", "eu-central-1b"], nat.Serves.AsEnumerable());
        Assert.Equal("nat", model.NatSetting);
    }

    [Fact]
    public async Task What_the_settings_promise_is_asked_of_the_workload()
    {
        var model = (await RealPlan.Of("prod")).Model;
        var bitcoin = model.Workloads.Single(workload => workload.Id == "chains/bitcoin");
        Assert.Equal((2, "set by ha-cluster:objectives.serving"), (bitcoin.MinServing, bitcoin.ServingReason));
        Assert.Equal("chains.bitcoin.replicas", bitcoin.ReplicasSetting);
        Assert.Equal(Objectives.Default, model.Objectives);
    }

    private static string Row(Workload workload) =>
        $"{workload.Id,-54} {workload.Kind,-11} x{workload.Replicas} {workload.Pods.Requests.MilliCpu}m {workload.Pods.Requests.MemoryBytes >> 20}Mi";
}
