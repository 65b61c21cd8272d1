using System.Text.Json;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Viewing;

namespace HaCluster.Operations.Tests.Viewing;

public sealed class PodReaderTests
{
    [Fact]
    public void A_pod_is_read_whatever_is_between_the_fields()
    {
        var pod = Read("""
            { "kind": "Pod", "status": { "conditions": [ { "lastProbeTime": null, "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available" },
                                                         { "status": "True", "type": "Ready", "observedGeneration": 1 } ],
                                         "containerStatuses": [ { "restartCount": 2, "state": { "running": { "startedAt": null } } }, { "restartCount": 3, "state": { "waiting": { "message": "m", "reason": "CrashLoopBackOff" } } } ],
                                         "phase": "Pending", "extra": { "deep": [ [ { } ], null, 1 ] } },
              "spec": { "nodeName": "n1", "overhead": { "cpu": "100m" }, "volumes": null, "containers": [ { "name": "a", "resources": { "requests": { "memory": "1Gi", "cpu": "500m" }, "limits": { "cpu": "9" } } }, { "resources": { } } ],
                        "initContainers": [ { "restartPolicy": "Always", "resources": { "requests": { "cpu": "250m" } } }, { "resources": { "requests": { "cpu": "2" } } } ] },
              "metadata": { "deletionTimestamp": null, "name": "web-1", "namespace": "shop", "uid": "u", "resourceVersion": "7", "managedFields": [ { "fieldsV1": { "f:x": { } } } ],
                            "labels": { "ha-cluster/role": "node", "ha-cluster/chain": "bitcoin", "pod-template-hash": "abc" },
                            "ownerReferences": [ { "kind": "Thing", "name": "t" }, { "kind": "ReplicaSet", "name": "web-abc", "controller": true } ] } }
            """);

        Assert.Equal(("shop", "web-1", "u", "7", "n1", "Pending"), (pod.Namespace, pod.Name, pod.Uid, pod.ResourceVersion, pod.NodeName, pod.Phase));
        Assert.Equal(("bitcoin", "abc", "ReplicaSet", "web-abc"), (pod.Chain, pod.TemplateHash, pod.OwnerKind, pod.OwnerName));
        Assert.Equal((true, true, false, "0/3 nodes are available", "CrashLoopBackOff", 5), (pod.HasReadyCondition, pod.IsReady, pod.IsEnding, pod.NotScheduled, pod.Waiting, pod.Restarts));
        // The largest init container beside the sidecar that runs then, and the overhead.
        Assert.Equal((2.35m, 1024m * 1024 * 1024), (pod.Cpu, pod.Memory));
    }

    [Theory]
    [InlineData("""{ "metadata": { "name": "a", "labels": null, "ownerReferences": null }, "spec": null, "status": null }""")]
    [InlineData("""{ "metadata": { "name": "a" }, "spec": { "containers": null }, "status": { "conditions": null, "containerStatuses": null } }""")]
    public void What_is_null_is_empty(string json) => Assert.Equal(("a", false, 0m), (Read(json).Name, Read(json).IsReady, Read(json).Cpu));

    [Theory]
    [InlineData("""{ "metadata": "a" }""")]
    [InlineData("""{ "status": { "conditions": [ "Ready" ] } }""")]
    public void Another_shape_is_an_error_and_not_an_empty_pod(string json) => Assert.Throws<JsonException>(() => Read(json));

    private static PodReading Read(string json) => ObjectJson.Read<PodReading>(JsonDocument.Parse(json).RootElement);
}
