using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HaCluster.Benchmarks.Viewing;

/// <summary>A process that serves the lists of a large cluster in chunks, made beforehand, as an API server words them. It answers nothing else.</summary>
internal static class ViewServer
{
    public const string Argument = "serve-view";

    private const int Nodes = 1_000;
    private const int Pods = 20_000;
    private const int Deployments = 2_000;
    private const int Chunk = 500;

    /// <summary>Writes its address to standard output and serves until it is ended.</summary>
    public static int Run()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        var lists = new Dictionary<string, byte[][]>(StringComparer.Ordinal)
        {
            ["pods"] = Chunks(Pods, Pod),
            ["nodes"] = Chunks(Nodes, Node),
            ["deployments"] = Chunks(Deployments, Deployment),
        };
        using var listener = new HttpListener();
        listener.Prefixes.Add(address);
        listener.Start();
        Console.WriteLine(address);
        Serve(listener, lists);
        return 0;
    }

    private static void Serve(HttpListener listener, Dictionary<string, byte[][]> lists)
    {
        while (listener.IsListening)
        {
            var context = listener.GetContext();
            var resource = context.Request.Url!.AbsolutePath.Split('/')[^1];
            var at = int.Parse(context.Request.QueryString["continue"] ?? "0", CultureInfo.InvariantCulture);
            // No pod has the labels by which monitoring is found.
            var body = context.Request.QueryString["labelSelector"] is null && lists.TryGetValue(resource, out var chunks) ? chunks[at] : Encoding.UTF8.GetBytes("""{"metadata":{"resourceVersion":"1"},"items":[]}""");
            context.Response.ContentType = "application/json";
            context.Response.ContentLength64 = body.Length;
            _ = Task.Run(() =>
            {
                context.Response.OutputStream.Write(body);
                context.Response.Close();
            });
        }
    }

    private static byte[][] Chunks(int count, Func<int, string> item) =>
    [
        .. Enumerable.Range(0, count).Chunk(Chunk).Select((chunk, at) => Encoding.UTF8.GetBytes(
            $$"""{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1","continue":"{{((at + 1) * Chunk < count ? $"{at + 1}" : "")}}"},"items":[{{string.Join(',', chunk.Select(item))}}]}""")),
    ];

    private static string Zone(int node) => $"eu-central-1{"abc"[node % 3]}";

    private static string Pod(int at) => $$"""
        {"metadata":{"name":"web-{{at / 10}}-7d4b9c6f58-{{at:x5}}","generateName":"web-{{at / 10}}-7d4b9c6f58-","namespace":"team-{{at % 40}}","uid":"{{Uid(at)}}","resourceVersion":"{{at + 1000}}","creationTimestamp":"2026-01-02T03:04:05Z",
        "labels":{"app":"web-{{at / 10}}","app.kubernetes.io/part-of":"shop","pod-template-hash":"7d4b9c6f58"},"annotations":{"prometheus.io/scrape":"true","checksum/config":"{{Uid(at)}}{{Uid(at + 7)}}"},
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-{{at / 10}}-7d4b9c6f58","uid":"{{Uid(at / 10)}}","controller":true,"blockOwnerDeletion":true}],
        "managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:generateName":{},"f:labels":{".":{},"f:app":{},"f:pod-template-hash":{} },"f:ownerReferences":{".":{} } },"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{".":{},"f:limits":{".":{},"f:memory":{} },"f:requests":{".":{},"f:cpu":{},"f:memory":{} } } } } } } } ] },
        "spec":{"volumes":[{"name":"kube-api-access-abcde","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"} },{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]} }],"defaultMode":420} }],
        "containers":[{"name":"web","image":"registry.example/web:1.2.3","ports":[{"containerPort":8080,"protocol":"TCP"}],"resources":{"limits":{"memory":"512Mi"},"requests":{"cpu":"100m","memory":"512Mi"} },
        "volumeMounts":[{"name":"kube-api-access-abcde","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],"readinessProbe":{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10} }],
        "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default","nodeName":"ip-10-0-{{at % Nodes / 250}}-{{at % 250}}.eu-central-1.compute.internal","schedulerName":"default-scheduler",
        "tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"web-{{at / 10}}"} } }]},
        "status":{"phase":"Running","conditions":[{"type":"Initialized","status":"True"},{"type":"Ready","status":"True","lastTransitionTime":"2026-01-02T03:04:15Z"},{"type":"ContainersReady","status":"True"},{"type":"PodScheduled","status":"True"}],
        "hostIP":"10.0.0.1","podIP":"10.1.0.1","startTime":"2026-01-02T03:04:05Z","containerStatuses":[{"name":"web","state":{"running":{"startedAt":"2026-01-02T03:04:10Z"} },"ready":true,"restartCount":0,"image":"registry.example/web:1.2.3","containerID":"containerd://{{Uid(at)}}"}],"qosClass":"Burstable"} }
        """;

    private static string Node(int at) => $$"""
        {"metadata":{"name":"ip-10-0-{{at / 250}}-{{at % 250}}.eu-central-1.compute.internal","uid":"{{Uid(at)}}","resourceVersion":"{{at}}","creationTimestamp":"2026-01-02T03:04:05Z",
        "labels":{"topology.kubernetes.io/zone":"{{Zone(at)}}","eks.amazonaws.com/nodegroup":"general","node.kubernetes.io/instance-type":"m7i.2xlarge","ha-cluster/pool":"general"} },
        "spec":{"providerID":"aws:///{{Zone(at)}}/i-{{at:x17}}"},
        "status":{"allocatable":{"cpu":"7910m","memory":"30Gi","pods":"58","ephemeral-storage":"80Gi"},"conditions":[{"type":"Ready","status":"True"},{"type":"MemoryPressure","status":"False"}],"nodeInfo":{"kubeletVersion":"v1.36.0"},
        "images":[{{string.Join(',', Enumerable.Range(0, 25).Select(image => $$"""{"names":["registry.example/image-{{image}}@sha256:{{Uid(image)}}{{Uid(image)}}","registry.example/image-{{image}}:1.2.3"],"sizeBytes":123456789}"""))}}]} }
        """;

    private static string Deployment(int at) => $$"""
        {"metadata":{"name":"web-{{at}}","namespace":"team-{{at % 40}}","uid":"{{Uid(at)}}","resourceVersion":"{{at}}","creationTimestamp":"2026-01-02T03:04:05Z"},
        "spec":{"replicas":10,"selector":{"matchLabels":{"app":"web-{{at}}"} },"template":{"metadata":{"labels":{"app":"web-{{at}}"} },"spec":{"containers":[{"name":"web","image":"registry.example/web:1.2.3"}]} } },
        "status":{"replicas":10,"readyReplicas":10,"updatedReplicas":10} }
        """;

    private static string Uid(int at) => new Guid(at, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]).ToString();
}
