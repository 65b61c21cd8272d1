using System.Text.Json;
using HaCluster.Planning.Documents;

namespace HaCluster.Planning.Schedules;

/// <summary>
/// The document of <c>ha schedule --json</c>. Equal clusters and seeds give equal bytes.
/// <code>
/// { "format": "hacluster.schedule/1",
///   "nodes": 9, "running": 120, "placed": 7, "pending": 1,
///   "pods": [ { "namespace": "shop", "name": "web-7d4b9-x1", "workload": "shop/web", "priority": 0,
///               "node": "ip-10-0-1-7", "zone": "eu-central-1a", "preempts": [ "shop/batch-1" ] },
///             { "namespace": "shop", "name": "big", "workload": "shop/big", "priority": 0,
///               "reason": "0/9 nodes are available: 9 Insufficient cpu." } ],
///   "assumptions": [ ], "notes": [ ], "unknown": [ { "subject": "...", "reason": "..." } ] }
/// </code>
/// <c>node</c> and <c>zone</c>, or else <c>reason</c>; <c>preempts</c> only if pods are preempted. Pods are in order of creation.
/// </summary>
public static class ScheduleDocumentWriter
{
    public const string Format = "hacluster.schedule/1";

    public static void Write(Stream stream, ClusterSchedule schedule)
    {
        using (var json = new Utf8JsonWriter(stream, DocumentJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("nodes", schedule.Cluster.InitialNodes().Count());
            json.WriteNumber("running", schedule.Running);
            json.WriteNumber("placed", schedule.Placed);
            json.WriteNumber("pending", schedule.Pending);
            json.WriteStartArray("pods");
            foreach (var pod in schedule.Pods)
                Write(json, pod);
            json.WriteEndArray();
            json.WriteStartArray("assumptions");
            foreach (var assumption in schedule.Cluster.Assumptions)
                json.WriteStringValue(assumption);
            json.WriteEndArray();
            json.WriteStartArray("notes");
            foreach (var note in schedule.Cluster.Notes)
                json.WriteStringValue($"{note.Subject}: {note.Text}");
            json.WriteEndArray();
            json.WriteStartArray("unknown");
            foreach (var unknown in schedule.Cluster.Unknown)
            {
                json.WriteStartObject();
                json.WriteString("subject", unknown.Subject);
                json.WriteString("reason", unknown.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, ScheduledPod pod)
    {
        json.WriteStartObject();
        json.WriteString("namespace", pod.Namespace);
        json.WriteString("name", pod.Name);
        json.WriteString("workload", pod.Workload);
        json.WriteNumber("priority", pod.Priority);
        if (pod.Node is not null)
            json.WriteString("node", pod.Node);
        if (pod.Zone is not null)
            json.WriteString("zone", pod.Zone);
        if (pod.Reason is not null)
            json.WriteString("reason", pod.Reason);
        if (!pod.Preempts.IsEmpty)
        {
            json.WriteStartArray("preempts");
            foreach (var victim in pod.Preempts)
                json.WriteStringValue(victim);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
