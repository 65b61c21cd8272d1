using System.Text.Json;
using HaCluster.Planning.Documents;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Planning.Proof.Documents;

/// <summary>
/// What <c>ha prove --json</c> writes. Equal clusters give equal bytes: the time that it took is not in it.
/// <code>
/// { "format": "hacluster.proof/1",
///   "cluster": "ha-cluster-prod", "stack": "prod",
///   "verdict": "holds",                       // or "violated"; "incomplete": nothing broke, and not everything was looked at
///   "zones": [ "eu-central-1a" ], "nodes": 9, "pods": 130, "workloads": 41, "scenarios": 312,
///   "classes": [ { "class": "zone-lost", "requirement": "...", "tried": 3, "failed": 0, "holds": true,
///                  "worst": "...", "recoverySeconds": 402, "skipped": "..." } ],
///   "violations": [ { "invariant": "serving", "page": "examples/runbooks/proof/serving.md", "class": "zone-lost",
///                     "scenario": "eu-central-1b", "subject": "chains/bitcoin", "text": "...", "alsoIn": [ ],
///                     "repair": { "setting": "...", "from": "...", "to": "...", "verified": true } } ],
///   "notes": [ ], "assumptions": [ { "text": "...", "source": "https://..." } ],
///   "unknown": [ { "subject": "...", "reason": "..." } ] }
/// </code>
/// <c>recoverySeconds</c>, <c>skipped</c>, <c>repair</c> and <c>source</c> are left out where they do not apply.
/// </summary>
public static class ProofDocumentWriter
{
    public const string Format = "hacluster.proof/1";

    public static void Write(Stream stream, ProofReport report, string stack)
    {
        using (var json = new Utf8JsonWriter(stream, DocumentJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("cluster", report.Cluster.Name);
            json.WriteString("stack", stack);
            json.WriteString("verdict", VerdictOf(report));
            WriteList(json, "zones", report.Cluster.Zones, json.WriteStringValue);
            json.WriteNumber("nodes", report.Nodes);
            json.WriteNumber("pods", report.Pods);
            json.WriteNumber("workloads", report.Cluster.Workloads.Length);
            json.WriteNumber("scenarios", report.Scenarios);
            WriteList(json, "classes", report.Classes, verdict => WriteClass(json, verdict));
            WriteList(json, "violations", report.Violations, violation => WriteViolation(json, violation));
            WriteList(json, "notes", report.Notes, json.WriteStringValue);
            WriteList(json, "assumptions", report.Assumptions, assumption => WritePair(json, "text", assumption.Text, "source", assumption.Source));
            WriteList(json, "unknown", report.Unknown, unknown => WritePair(json, "subject", unknown.Subject, "reason", unknown.Reason));
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static string VerdictOf(ProofReport report) => !report.Holds ? "violated" : report.IsComplete ? "holds" : "incomplete";

    private static void WriteClass(Utf8JsonWriter json, ClassVerdict verdict)
    {
        json.WriteStartObject();
        json.WriteString("class", ScenarioClasses.NameOf(verdict.Class));
        json.WriteString("requirement", ScenarioClasses.RequirementOf(verdict.Class));
        json.WriteNumber("tried", verdict.Tried);
        json.WriteNumber("failed", verdict.Failed);
        json.WriteBoolean("holds", verdict.Holds);
        json.WriteString("worst", verdict.Worst);
        if (verdict.Recovery is { } recovery)
            json.WriteNumber("recoverySeconds", Math.Round(recovery.TotalSeconds));
        if (verdict.Skipped is { } skipped)
            json.WriteString("skipped", skipped);
        json.WriteEndObject();
    }

    private static void WriteViolation(Utf8JsonWriter json, Violation violation)
    {
        json.WriteStartObject();
        json.WriteString("invariant", InvariantPages.NameOf(violation.Invariant));
        json.WriteString("page", InvariantPages.PageOf(violation.Invariant));
        json.WriteString("class", ScenarioClasses.NameOf(violation.Scenario.Class));
        json.WriteString("scenario", violation.Scenario.Subject);
        json.WriteString("subject", violation.Subject);
        json.WriteString("text", violation.Text);
        WriteList(json, "alsoIn", violation.AlsoIn, json.WriteStringValue);
        if (violation.Repair is { } repair)
        {
            json.WriteStartObject("repair");
            json.WriteString("setting", repair.Setting);
            json.WriteString("from", repair.From);
            json.WriteString("to", repair.To);
            json.WriteBoolean("verified", repair.IsVerified);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePair(Utf8JsonWriter json, string first, string firstValue, string second, string? secondValue)
    {
        json.WriteStartObject();
        json.WriteString(first, firstValue);
        if (secondValue is not null)
            json.WriteString(second, secondValue);
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(item);
        json.WriteEndArray();
    }
}
