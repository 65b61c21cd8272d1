using HaCluster.Planning.Modelling;
using HaCluster.Planning.Schedules;

namespace HaCluster.Planning.Tests.Schedules;

/// <summary>Where pods with volumes go, in a cluster that is read from its objects: two nodes in zone a, one in zone b.</summary>
public sealed class VolumeScheduleTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("{claimName: nowhere}", "", "0/3 nodes are available: persistentvolumeclaim \"nowhere\" not found.")]
    [InlineData("{claimName: c}", "storageClassName: now", "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. (claim default/c: storage class now creates volumes immediately")]
    [InlineData("{claimName: c}", "storageClassName: standard", "unbound immediate PersistentVolumeClaims. (claim default/c: the cluster has no storage class standard")]
    [InlineData("{claimName: c}", "storageClassName: '', accessModes: [ReadWriteMany]", "unbound immediate PersistentVolumeClaims. (claim default/c: it names no storage class")]
    [InlineData("{claimName: c}", "storageClassName: static", "3 node(s) didn't find available persistent volumes to bind. (claim default/c: storage class static does not create volumes")]
    [InlineData("{claimName: c}", "storageClassName: in-d", "3 node(s) didn't find available persistent volumes to bind. (claim default/c: the allowedTopologies of storage class in-d")]
    [InlineData("{claimName: c}", "volumeName: gone", "unbound immediate PersistentVolumeClaims. (claim default/c: volume gone does not exist)")]
    [InlineData("{claimName: c}", "volumeName: pv-of-other", "(claim default/c: volume pv-of-other is for claim default/other)")]
    [InlineData("{claimName: c}", "volumeName: pv-d", "3 node(s) didn't match PersistentVolume's node affinity. (claim default/c is bound to volume pv-d in zone d")]
    [InlineData("{claimName: c}", "volumeName: pv-label-d", "3 node(s) had no available volume zone.")]
    [InlineData("{claimName: c}", "accessModes: [ReadWriteMany]", "context deadline exceeded (claim default/c: ebs.csi.aws.com creates no volumes with access mode ReadWriteMany (ProvisioningFailed))")]
    [InlineData("{claimName: c}", "accessModes: [ReadOnlyMany]", "ebs.csi.aws.com creates no volumes with access mode ReadOnlyMany")]
    public void A_claim_that_no_volume_is_found_for_keeps_its_pod_pending(string volume, string claim, string reason)
    {
        var pod = Assert.Single(Schedule(Claim("c", claim) + Pod("web", volume)).Pods);
        Assert.Null(pod.Node);
        Assert.Contains(reason, pod.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("storageClassName: gp3")]
    [InlineData("accessModes: [ReadWriteOncePod]")]
    [InlineData("accessModes: [ReadWriteMany], storageClassName: shared")]
    [InlineData("accessModes: [ReadWriteMany], volumeMode: Block, storageClassName: io2")]
    [InlineData("volumeName: pv-label-ab")]
    public void One_that_a_volume_can_be_found_or_made_for_does_not(string claim) =>
        Assert.NotNull(Assert.Single(Schedule(Claim("c", claim) + Pod("web", "{claimName: c}")).Pods).Node);

    [Fact]
    public void A_claim_that_is_being_deleted_or_lost_its_volume_says_so()
    {
        const string Deleted = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c, deletionTimestamp: '2026-01-01T00:00:00Z'}\nspec: {storageClassName: gp3}\n";
        const string Lost = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {volumeName: gone}\nstatus: {phase: Lost}\n";
        Assert.Contains("persistentvolumeclaim \"c\" is being deleted", Schedule(Deleted + Pod("web", "{claimName: c}")).Pods[0].Reason, StringComparison.Ordinal);
        Assert.Contains("persistentvolumeclaim \"c\" bound to non-existent persistentvolume \"gone\"", Schedule(Lost + Pod("web", "{claimName: c}")).Pods[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Volumes_that_exist_are_taken_one_by_one_the_smallest_that_does()
    {
        var claims = Claim("small", "storageClassName: shelf, resources: {requests: {storage: 4Gi}}") + Claim("large", "storageClassName: shelf, resources: {requests: {storage: 8Gi}}")
            + Claim("third", "storageClassName: shelf, resources: {requests: {storage: 1Gi}}");
        var schedule = Schedule(claims + Shelf("five", "5Gi", "a") + Shelf("ten", "10Gi", "b") + Pod("p1", "{claimName: small}", "nodeSelector: {topology.kubernetes.io/zone: a}, ") + Pod("p2", "{claimName: large}") + Pod("p3", "{claimName: third}"));
        Assert.Equal(["a", "b", null], schedule.Pods.Select(pod => pod.Zone));
    }

    [Fact]
    public void A_stateful_set_comes_back_to_the_claims_that_it_has()
    {
        const string Set = """
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              replicas: 1
              template: {spec: {containers: [{name: a}]}}
              volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: gp3}}]

            """;
        Assert.Equal("b", Assert.Single(Schedule(Set + Claim("data-db-0", "volumeName: pv-b")).Pods).Zone);
        Assert.Contains("pv-d in zone d, which no node", Assert.Single(Schedule(Set + Claim("data-db-0", "volumeName: pv-d")).Pods).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ephemeral_claim_is_made_with_its_pod_and_is_no_others()
    {
        const string Volume = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a}], volumes: [{name: tmp, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: gp3}}}}]}\n";
        Assert.NotNull(Assert.Single(Schedule(Volume).Pods).Node);
        Assert.Contains(
            "PVC default/web-tmp was not created for pod default/web (pod is not owner)", Assert.Single(Schedule(Volume + Claim("web-tmp", "")).Pods).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_driver_has_its_limit_and_a_volume_counts_once_on_a_node()
    {
        const string Limit = "---\napiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: {name: node-b}\nspec: {drivers: [{name: ebs.csi.aws.com, allocatable: {count: 1}}, {name: efs.csi.aws.com}]}\n";
        var claims = Claim("one", "volumeName: pv-b") + Claim("two", "storageClassName: gp3") + Claim("files", "storageClassName: shared, accessModes: [ReadWriteMany]");
        var schedule = Schedule(
            Limit + claims + Pod("p1", "{claimName: one}", "nodeName: node-b, ") + Pod("p2", "{claimName: one}") + Pod("p3", "{claimName: files}", OnB) + Pod("p4", "{claimName: two}", OnB));
        Assert.Equal(["node-b", "node-b", null], schedule.Pods.Select(pod => pod.Node));
        Assert.Contains("1 node(s) exceed max volume count", schedule.Pods[2].Reason, StringComparison.Ordinal);
    }

    /// <summary>As kube-scheduler 1.36.2 answered: of a volume that is attached and used by no pod it counts both what is there and what the pod brings.</summary>
    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "node-b")]
    public void A_volume_that_is_attached_without_a_pod_takes_a_place_of_its_own(int limit, string? node)
    {
        var csi = $"---\napiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: {{name: node-b}}\nspec: {{drivers: [{{name: ebs.csi.aws.com, allocatable: {{count: {limit}}}}}]}}\n";
        const string Attached = "---\napiVersion: storage.k8s.io/v1\nkind: VolumeAttachment\nmetadata: {name: at}\n"
            + "spec: {nodeName: node-b, attacher: ebs.csi.aws.com, source: {persistentVolumeName: pv-b}}\n";
        Assert.Equal(node, Assert.Single(Schedule(csi + Attached + Claim("one", "volumeName: pv-b") + Pod("p", "{claimName: one}")).Pods).Node);
    }

    [Fact]
    public void ReadWriteOncePod_is_for_one_pod_whom_a_more_important_one_preempts()
    {
        var claim = Claim("c", "storageClassName: gp3, accessModes: [ReadWriteOncePod]");
        var refused = Schedule(claim + Pod("p1", "{claimName: c}", "nodeName: node-b, ") + Pod("p2", "{claimName: c}")).Pods[0];
        Assert.StartsWith("0/3 nodes are available: 3 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.", refused.Reason, StringComparison.Ordinal);
        var preempting = Schedule(claim + Pod("p1", "{claimName: c}", "nodeName: node-b, ") + Pod("p2", "{claimName: c}", "priority: 10, ")).Pods;
        Assert.Contains(preempting, pod => pod.Node == "node-b" && pod.Preempts.Contains("default/p1"));
    }

    private const string OnB = "nodeSelector: {topology.kubernetes.io/zone: b}, ";

    private static string Pod(string name, string claim, string more = "") =>
        $"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{{more}containers: [{{name: a}}], volumes: [{{name: v, persistentVolumeClaim: {claim}}}]}}\n";

    private static string Claim(string name, string spec) =>
        $"---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}}}\nspec: {{{(spec.Contains("volumeName", StringComparison.Ordinal) ? "storageClassName: '', " : "")}{spec}}}\n";

    private static string Shelf(string name, string size, string zone) =>
        $"---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {name}}}\nspec: {{storageClassName: shelf, capacity: {{storage: {size}}}, {Affinity(zone)}}}\n";

    private static string Affinity(string zone) =>
        $"nodeAffinity: {{required: {{nodeSelectorTerms: [{{matchExpressions: [{{key: topology.kubernetes.io/zone, operator: In, values: [{zone}]}}]}}]}}}}";

    private ClusterSchedule Schedule(string objects)
    {
        string[] nodes = [.. new[] { "a", "a2", "b" }.Select(name =>
            $"---\napiVersion: v1\nkind: Node\nmetadata: {{name: node-{name}, labels: {{topology.kubernetes.io/zone: {name[0]}, kubernetes.io/hostname: node-{name}}}}}\n"
            + "status: {allocatable: {cpu: '4', memory: 8Gi, pods: '20'}}\n")];
        string[] classes =
        [
            Class("gp3", "ebs.csi.aws.com", "metadata: {name: gp3, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}"), Class("static", "kubernetes.io/no-provisioner"),
            Class("shelf", "kubernetes.io/no-provisioner"), Class("shared", "efs.csi.aws.com"), Class("io2", "ebs.csi.aws.com", more: "parameters: {type: io2}\n"),
            Class("in-d", "ebs.csi.aws.com", more: "allowedTopologies: [{matchLabelExpressions: [{key: topology.kubernetes.io/zone, values: [d]}]}]\n"),
            Class("now", "ebs.csi.aws.com").Replace("WaitForFirstConsumer", "Immediate", StringComparison.Ordinal),
        ];
        string[] volumes =
        [
            Volume("pv-of-other", "{}", "claimRef: {namespace: default, name: other}"), Volume("pv-b", "{}", Affinity("b")), Volume("pv-d", "{}", Affinity("d")),
            Volume("pv-label-d", "{topology.kubernetes.io/zone: d}", ""), Volume("pv-label-ab", "{failure-domain.beta.kubernetes.io/zone: a__b}", ""),
        ];
        _scratch.Write("all.yaml", string.Concat([.. nodes, .. classes, .. volumes, objects]));
        return ClusterSchedule.Of(ClusterDirectory.Read(_scratch.Path), 1);

        static string Class(string name, string provisioner, string? metadata = null, string more = "") =>
            $"---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\n{metadata ?? $"metadata: {{name: {name}}}"}\nprovisioner: {provisioner}\nvolumeBindingMode: WaitForFirstConsumer\n{more}";

        static string Volume(string name, string labels, string more) =>
            $"---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {name}, labels: {labels}}}\n"
            + $"spec: {{capacity: {{storage: 5Gi}}, csi: {{driver: ebs.csi.aws.com, volumeHandle: vol-{name}}}, {more}}}\n";
    }
}
