using System.Text.Json;
using HaCluster.Planning.Documents;
using HaCluster.Planning.Proof.Report;

namespace HaCluster.Planning.Proof.Documents;

/// <summary>
/// The document of <c>ha prove --json</c>. Equal clusters give equal bytes: the elapsed time is not included.
/// <code>
/// { "format": "hacluster.proof/3",
///   "cluster": "ha-cluster-prod", "stack": "prod",
///   "verdict": "holds",                       // or "violated"; "incomplete": nothing broke, and not everything was understood
///   "zones": [ "eu-central-1a" ], "nodes": 9, "pods": 130, "workloads": 41, "scenarios": 312, "scenariosFailed": 0,
///   "classes": [ { "class": "zone-lost", "requirement": "...", "tried": 3, "failed": 0, "holds": true,
///                  "worst": "...", "recoverySeconds": 402, "skipped": "..." } ],
///   "violations": [ { "number": 1, "invariant": "serving", "cause": "too-few-replicas", "page": "examples/runbooks/proof/serving.md",
///                     "subject": { "kind": "workload", "name": "chains/bitcoin" }, "text": "...",
///                     "scenarios": [ { "class": "zone-lost", "name": "eu-central-1b" } ],   // smallest first
///                     "fixes": [ 1 ], "fixesSearched": true } ],                            // false: time was up before all were tried
///   "fixes": [ { "number": 1, "kind": "setting",           // "manifest": no setting controls it; "accept": a lower objective
///                "edits": [ { "key": "nat", "from": "single", "to": "perZone" } ],         // settings: below ha-cluster:
///                "object": "Deployment shop/web", "yaml": "...", "verified": true, "refused": "...", "violations": [ 1 ] } ],
///   "notes": [ ], "assumptions": [ { "text": "...", "source": "https://..." } ],
///   "incomplete": [ { "subject": "...", "reason": "..." } ] }
/// </code>
/// <c>recoverySeconds</c>, <c>skipped</c>, <c>from</c>, <c>object</c>, <c>yaml</c>, <c>refused</c> and <c>source</c> are left out where they do not apply.
/// A fix of kind <c>setting</c> or <c>accept</c> is verified when the program accepted the changed settings and the resulting cluster was proved;
/// one of kind <c>manifest</c> when the cluster was proved with the change. Differs from hacluster.proof/2 in the name of the first class:
/// <c>steady-state</c>, formerly <c>at-rest</c>.
/// </summary>
public static class ProofDocumentWriter
{
    public const string Format = "hacluster.proof/3";

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
            json.WriteNumber("scenariosFailed", report.Failed);
            WriteList(json, "classes", report.Classes, verdict => WriteClass(json, verdict));
            WriteList(json, "violations", report.Violations.Index(), one => WriteViolation(json, report, one.Index + 1, one.Item));
            WriteList(json, "fixes", report.Fixes, fix => WriteFix(json, fix));
            WriteList(json, "notes", report.Notes, json.WriteStringValue);
            WriteList(json, "assumptions", report.Assumptions, assumption => WritePair(json, "text", assumption.Text, "source", assumption.Source));
            WriteList(json, "incomplete", report.Incomplete, unknown => WritePair(json, "subject", unknown.Subject, "reason", unknown.Reason));
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

    private static void WriteViolation(Utf8JsonWriter json, ProofReport report, int number, Violation violation)
    {
        json.WriteStartObject();
        json.WriteNumber("number", number);
        json.WriteString("invariant", InvariantPages.NameOf(violation.Invariant));
        json.WriteString("cause", JsonNamingPolicy.KebabCaseLower.ConvertName(violation.Cause.ToString()));
        json.WriteString("page", InvariantPages.PageOf(violation.Invariant));
        json.WriteStartObject("subject");
        json.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(violation.Subject.Kind.ToString()));
        json.WriteString("name", violation.Subject.Name);
        if (violation.Subject.ObjectKind is { } kind)
            json.WriteString("objectKind", kind);
        json.WriteEndObject();
        json.WriteString("text", violation.Text);
        if (violation.Advice is { } advice)
            json.WriteString("advice", advice);
        WriteList(json, "scenarios", violation.AlsoIn.Insert(0, violation.Scenario), scenario => WritePair(json, "class", ScenarioClasses.NameOf(scenario.Class), "name", scenario.Subject));
        WriteList(json, "fixes", report.FixesOf(number), fix => json.WriteNumberValue(fix.Number));
        json.WriteBoolean("fixesSearched", report.SoughtFixes && !report.NotSearched.Contains(number));
        json.WriteEndObject();
    }

    private static void WriteFix(Utf8JsonWriter json, Fix fix)
    {
        json.WriteStartObject();
        json.WriteNumber("number", fix.Number);
        json.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(fix.Kind.ToString()));
        WriteList(json, "edits", fix.Edits, edit => WriteEdit(json, edit));
        if (fix.Object is { } subject)
            json.WriteString("object", subject);
        if (fix.Snippet is { } snippet)
            json.WriteString("yaml", snippet);
        json.WriteBoolean("verified", fix.IsVerified);
        if (fix.Reveals > 0)
            json.WriteNumber("reveals", fix.Reveals);
        if (fix.Refusal is { } refusal)
            json.WriteString("refused", refusal);
        WriteList(json, "violations", fix.Violations, json.WriteNumberValue);
        json.WriteEndObject();
    }

    private static void WriteEdit(Utf8JsonWriter json, FixEdit edit)
    {
        json.WriteStartObject();
        json.WriteString("key", edit.Key);
        if (edit.From.Length > 0)
            json.WriteString("from", edit.From);
        json.WriteString("to", edit.To);
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
