using System.Collections.Immutable;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Planning.Schedules;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>What a user brings along is judged by what is true of it, and each cause is said once.</summary>
public sealed class ManifestProofTests : IDisposable
{
    private static readonly ProofOptions NoFixes = new() { FixTime = TimeSpan.Zero };

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_release_that_leaves_enough_for_the_objective_is_a_note_for_a_workload_of_manifests()
    {
        var model = SmallCluster.Create().Change("shop/web", web => Brought(web) with { Pods = web.Pods with { Spread = [SmallCluster.SpreadOf("web", isRequired: true)] } });
        var report = Prover.Prove(model, NoFixes);
        Assert.Empty(report.Violations);
        Assert.Contains(report.Notes, note => note.StartsWith("after an update 2 of 3 replicas of shop/web may be in one zone", StringComparison.Ordinal)
            && note.EndsWith("matchLabelKeys: [pod-template-hash] keeps them apart", StringComparison.Ordinal));

        var strict = model.Change("shop/web", web => web with { MinServing = 2 });
        Assert.Contains(Prover.Prove(strict, NoFixes).Violations, one => one is { Cause: Cause.CountsOldPods, Subject.Name: "shop/web" });
    }

    [Fact]
    public void A_namespace_whose_quota_admits_no_pod_is_one_violation_however_many_workloads_are_in_it()
    {
        var model = SmallCluster.Create();
        var web = Brought(SmallCluster.Web()) with { Namespace = "default", Pods = SmallCluster.Pods("web", 100) with { LimitsEphemeral = false } };
        var closed = new NamespaceQuota("default", "nobody", ImmutableSortedDictionary.Create<string, decimal>(StringComparer.Ordinal).Add("pods", 0));
        var report = Prover.Prove(model with { Workloads = [.. model.Workloads, web, web with { Name = "api", Replicas = 1 }], Quotas = model.Quotas.Add(closed) }, NoFixes);
        var violation = Assert.Single(report.Violations);
        Assert.Equal(("namespace default", Cause.NotRunning), (violation.Subject.ToString(), violation.Cause));
        Assert.Equal("its ResourceQuota nobody admits no pod: default/api, default/web do not run", violation.Text);
        Assert.StartsWith("move them to another namespace", violation.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_does_not_exist_has_no_access_mode()
    {
        _scratch.Write("files.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: files, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: files}}
              template:
                metadata: {labels: {app: files}}
                spec:
                  containers: [{name: files, image: "r/files:1", resources: {requests: {cpu: 10m, memory: 10Mi}, limits: {cpu: 10m, memory: 10Mi, ephemeral-storage: 1Gi}}}]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: nowhere}}]
            """);
        var report = Prover.Prove(ManifestModel.Add(SmallCluster.Create(), _scratch.Path), NoFixes);
        Assert.Contains(report.Violations, one => one.Cause == Cause.NotRunning && one.Text.Contains("persistentvolumeclaim \"nowhere\" not found", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Violations, one => one.Cause == Cause.VolumeInUse);
    }

    [Theory]
    [InlineData(1, "standard", "PersistentVolumeClaim shop/files: change spec.storageClassName from standard to gp3", 1)]
    [InlineData(3, "gp3", "Deployment shop/files: change kind from Deployment to StatefulSet, ", 0)]
    public void A_claim_that_keeps_replicas_from_running_is_fixed_where_it_is_declared(int replicas, string storageClass, string fix, int reveals)
    {
        var gp3 = new StorageClass { Name = "gp3", Driver = VolumeDriver.Ebs, IsDefault = true };
        _scratch.Write("files.yaml", $$$"""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: files, namespace: shop}
            spec: {storageClassName: {{{storageClass}}}, accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi} } }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: files, namespace: shop}
            spec:
              replicas: {{{replicas}}}
              selector: {matchLabels: {app: files}}
              template:
                metadata: {labels: {app: files}}
                spec:
                  topologySpreadConstraints:
                  - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: files} } }
                  containers: [{name: files, image: "r/files:1", resources: {requests: {cpu: 10m, memory: 10Mi }, limits: {cpu: 10m, memory: 10Mi, ephemeral-storage: 1Gi} } }]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: files} }]
            """);
        var model = SmallCluster.Create();
        var found = Prover.Prove(ManifestModel.Add(model with { Storage = model.Storage with { Classes = [gp3] } }, _scratch.Path));
        var running = found.Violations.IndexOf(Assert.Single(found.Violations, one => one is { Cause: Cause.NotRunning, Subject.Name: "shop/files" })) + 1;
        var used = Assert.Single(found.Fixes, one => one.Violations.Contains(running));
        Assert.StartsWith(fix, used.ToString(), StringComparison.Ordinal);
        Assert.Equal((true, reveals), (used.IsVerified, Math.Sign(used.Reveals)));
    }

    [Fact]
    public void A_class_that_does_not_exist_is_replaced_in_the_template_of_a_StatefulSet()
    {
        var gp3 = new StorageClass { Name = "gp3", Driver = VolumeDriver.Ebs, IsDefault = true };
        var another = new StorageClass { Name = "another", Driver = VolumeDriver.Ebs };
        var model = SmallCluster.Create();
        var broken = model.Change("chains/bitcoin", bitcoin => Brought(bitcoin) with
        {
            Pods = bitcoin.Pods with { Volumes = [.. bitcoin.Pods.Volumes.Select(claim => claim with { StorageClass = "standard", Class = null })] },
        }) with
        { Storage = model.Storage with { Classes = [another, gp3] } };
        var report = Prover.Prove(broken);
        Assert.Contains(report.Violations, one => one is { Cause: Cause.NotRunning, Subject.Name: "chains/bitcoin" });
        // The default class comes first.
        Assert.Equal("StatefulSet chains/bitcoin: change spec.volumeClaimTemplates.spec.storageClassName from standard to gp3", report.Fixes[0].ToString());
    }

    [Fact]
    public void What_has_no_pods_takes_nothing_of_a_node()
    {
        var model = SmallCluster.Create();
        var job = Brought(SmallCluster.Web()) with { Kind = WorkloadKind.Job, Namespace = "night", Name = "report", Replicas = 0, MaxSurge = 0, MinServing = 0 };
        Assert.Empty(Prover.Prove(model with { Workloads = model.Workloads.Add(job) }, NoFixes).Violations);
    }

    [Fact]
    public void A_rule_that_keeps_pods_off_the_nodes_that_are_left_is_not_called_a_lack_of_room()
    {
        // One replica per node, on all six nodes of the pool: the one whose node is lost has nowhere to go, however little it asks for.
        var model = SmallCluster.Create().Change("shop/web", web => Brought(web) with
        {
            Replicas = 6,
            Pods = web.Pods with
            {
                Requests = Resources.None,
                NodeSelector = Labels.Of(("pool", "general")),
                Affinity = web.Pods.Affinity with { Apart = [new PodAffinityTerm(LabelSelector.Of(web.Pods.Labels), Labels.Host, [])] },
            },
        });
        var violation = Prover.Prove(model, NoFixes).Violations.Single(one => one.Cause == Cause.Room);
        Assert.Contains("no remaining node", violation.Text, StringComparison.Ordinal);
        Assert.Contains("didn't match pod anti-affinity rules", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void More_replicas_come_with_a_budget_where_there_is_none_and_no_promise_is_lowered_that_no_setting_makes()
    {
        var model = SmallCluster.Create();
        model = (model with { Budgets = model.Budgets.RemoveAll(budget => budget.Name == "web") }).Change("shop/web", web => Brought(web) with { Replicas = 1 });
        var fix = Assert.Single(Prover.Prove(model).Fixes);
        Assert.Equal(FixKind.Manifest, fix.Kind);
        Assert.Equal("Deployment shop/web: change spec.replicas from 1 to 2, set its PodDisruptionBudget to maxUnavailable 1", fix.ToString());
        Assert.Contains("---\napiVersion: policy/v1\nkind: PodDisruptionBudget", fix.Snippet, StringComparison.Ordinal);
    }

    [Fact]
    public void Workloads_of_one_name_and_several_kinds_are_proved_side_by_side()
    {
        static string Of(string kind, string version, string spec) => $$"""
            apiVersion: {{version}}
            kind: {{kind}}
            metadata: {name: same, namespace: shop}
            spec: {{spec}}
            """;

        const string Template = "template: {metadata: {labels: {app: same}}, spec: {restartPolicy: Always, containers: [{name: c, image: 'r/same:1'}]}}";
        const string Work = "template: {spec: {restartPolicy: Never, containers: [{name: c, image: 'r/same:1'}]}}";
        _scratch.Write("same.yaml", string.Join("\n---\n",
        [
            Of("Deployment", "apps/v1", "{replicas: 2, selector: {matchLabels: {app: same}}, " + Template + "}"),
            Of("StatefulSet", "apps/v1", "{replicas: 2, serviceName: same, selector: {matchLabels: {app: same}}, " + Template + "}"),
            Of("DaemonSet", "apps/v1", "{selector: {matchLabels: {app: same}}, " + Template + "}"),
            Of("Job", "batch/v1", "{" + Work + "}"),
            Of("CronJob", "batch/v1", "{schedule: '0 3 * * *', jobTemplate: {spec: {" + Work + "}}}"),
            Of("Pod", "v1", "{containers: [{name: c, image: 'r/same:1'}]}"),
        ]));
        var model = ManifestModel.Add(SmallCluster.Create(), _scratch.Path);
        Assert.Equal(6, model.Workloads.Count(workload => workload.Id == "shop/same"));
        var unlimited = Prover.Prove(model, NoFixes).Violations.Where(one => one.Cause == Cause.NoLimit).Select(one => one.Subject.ToString());
        Assert.Equal(["CronJob shop/same", "DaemonSet shop/same", "Deployment shop/same", "Job shop/same", "Pod shop/same", "StatefulSet shop/same"], unlimited.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_an_operator_makes_is_changed_where_the_operator_reads_it()
    {
        _scratch.Write("prometheus.yaml", """
            apiVersion: monitoring.coreos.com/v1
            kind: Prometheus
            metadata: {name: k8s, namespace: shop}
            spec: {replicas: 2, resources: {requests: {cpu: 10m, memory: 100Mi}, limits: {cpu: 1, memory: 100Mi}}}
            """);
        var fixes = Prover.Prove(ManifestModel.Add(SmallCluster.Create(), _scratch.Path)).Fixes;
        var apart = Assert.Single(fixes, fix => fix.ToString().Contains("topologySpreadConstraints", StringComparison.Ordinal));
        Assert.StartsWith("Prometheus shop/k8s: set spec.topologySpreadConstraints to ", apart.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            """
            apiVersion: monitoring.coreos.com/v1
            kind: Prometheus
            metadata:
              name: k8s
              namespace: shop
            spec:
              topologySpreadConstraints:
              - maxSkew: 1
            """,
            apart.Snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("containers", "{name: c}", "an object")]
    [InlineData("volumes", "data", "\"data\"")]
    public void An_object_where_a_list_is_wanted_is_refused_as_the_API_server_does(string field, string value, string shown)
    {
        _scratch.Write("pod.yaml", $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: one, namespace: shop}
            spec: { {{field}}: {{value}} }
            """);
        var refused = Assert.Throws<UnreadableInputException>(() => ManifestModel.Add(SmallCluster.Create(), _scratch.Path));
        Assert.Contains($"spec.{field} is {shown}; write a list", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_of_an_owner_that_is_not_understood_is_still_a_pod()
    {
        _scratch.Write("dump.yaml", """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1, labels: {topology.kubernetes.io/zone: a}}
            status: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
            ---
            apiVersion: batch.volcano.sh/v1alpha1
            kind: Job
            metadata: {name: mpi, namespace: shop}
            spec: {minAvailable: 1}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: mpi-worker-0, namespace: shop, ownerReferences: [{apiVersion: batch.volcano.sh/v1alpha1, kind: Job, name: mpi, controller: true}]}
            spec: {containers: [{name: c, image: "r/mpi:1"}]}
            """);
        Assert.Equal("node-1", Assert.Single(ClusterSchedule.Of(ClusterDirectory.Read(_scratch.Path), 0).Pods).Node);
    }

    [Fact]
    public void A_bare_pod_is_none_of_the_pods_of_a_deployment_with_its_name()
    {
        _scratch.Write("same.yaml", """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1, labels: {topology.kubernetes.io/zone: a}}
            status: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: same, namespace: shop}
            spec: {containers: [{name: c, image: "r/same:1"}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: same, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: same}}
              template: {metadata: {labels: {app: same}}, spec: {containers: [{name: c, image: "r/same:1"}]}}
            """);
        var schedule = ClusterSchedule.Of(ClusterDirectory.Read(_scratch.Path), 0);
        Assert.Equal(["shop/same", "shop/same-0", "shop/same-1"], schedule.Pods.Select(pod => $"{pod.Namespace}/{pod.Name}").Order(StringComparer.Ordinal));
    }

    /// <summary>No setting of the stack is behind it.</summary>
    private static Workload Brought(Workload workload) => workload with { Source = new Origin.File("web.yaml"), ReplicasSetting = null };
}
