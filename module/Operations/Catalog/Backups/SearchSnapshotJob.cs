using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Backups;

/// <summary>
/// A snapshot of OpenSearch. The domain answers only inside the VPC, and only to its master role: the job takes identity, image and requests of the set-up
/// job of the stack (infra/Stack/Logging/Setup), with the indices and the repository of its nightly snapshots.
/// </summary>
internal static class SearchSnapshotJob
{
    private const string Namespace = "logging";
    private const string SetupLabel = "app.kubernetes.io/name=search-setup";
    private const string PolicyFile = "sm-policies-daily.json";

    // Sourced with an empty list of steps, the set-up only waits until the domain answers, and leaves its functions. A snapshot goes on when the job is started
    // again: it is asked for first. https://docs.opensearch.org/latest/api-reference/snapshots/get-snapshot/
    internal const string Script = """
        set -eu
        STEPS="$WORK/steps"
        mkdir -p "$STEPS"
        : > "$STEPS/steps.txt"
        printf '%s' "$3" > "$WORK/snapshot.json"
        . "$1"
        # Only now: the set-up has variables of its own, path among them.
        path="$2"
        send GET "$path"
        if [ "$status" = 404 ]; then
          send PUT "$path" "$WORK/snapshot.json"
          # After an answer that was lost the name is taken: what follows finds the snapshot, or says that there is none.
          if [ "$status" = 400 ]; then cat "$answer" >&2; else require_success PUT "$path"; fi
        fi
        while :; do
          send GET "$path"
          require_success GET "$path"
          state=$(text_of "$answer" state)
          case $state in
            SUCCESS) exit 0 ;;
            IN_PROGRESS) ;;
            *) say "the snapshot is ${state:-in no state}"; cat "$answer" >&2; exit 1 ;;
          esac
          if [ "$(date +%s)" -ge "$deadline" ]; then say "the snapshot is still in progress"; exit 1; fi
          sleep "$PAUSE_SECONDS"
        done
        """;

    /// <returns>The step, or why there is none.</returns>
    public static async Task<(Step? Step, Refusal? Refusal)> PlanAsync(StepContext context, string stamp, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var jobs = await context.Kubernetes.ListAsync(Kinds.Jobs.As<JsonObject>(), new ListScope(Namespace, SetupLabel), cancellationToken);
        var setup = jobs.Items.MaxBy(job => (string?)job["metadata"]?["creationTimestamp"] ?? "", StringComparer.Ordinal);
        if (setup is null)
            return (null, NotPossible($"namespace {Namespace} has no set-up job of OpenSearch", "Switch logging on (ha-cluster:logging) and deploy the stack"));
        var pod = setup["spec"]!["template"]!["spec"]!.DeepClone().AsObject();
        var container = pod["containers"]![0]!.AsObject();
        var files = pod["volumes"]!.AsArray().Select(volume => (string?)volume!["configMap"]?["name"]).FirstOrDefault(name => name is not null);
        var map = files is null ? null : await context.Kubernetes.FindAsync(Kinds.ConfigMaps, Namespace, files, cancellationToken);
        var policy = map?.Data?.FirstOrDefault(file => file.Key.EndsWith(PolicyFile, StringComparison.Ordinal)).Value;
        if (policy is null || JsonNode.Parse(policy)?["snapshot_config"] is not JsonObject config || (string?)config["repository"] is not { } repository)
            return (null, NotPossible($"set-up job {Namespace}/{setup["metadata"]!["name"]} does not say into which repository OpenSearch writes snapshots", "Deploy the stack: its set-up declares the repository and the nightly snapshots"));
        var (name, path) = ($"search-snapshot-{stamp}", $"/_snapshot/{repository}/manual-{stamp}");
        var document = config.DeepClone().AsObject();
        document.Remove("repository");
        var script = container["command"]!.AsArray().Last()!.GetValue<string>();
        container["name"] = "snapshot";
        container["command"] = new JsonArray("/bin/sh", "-euc", Script, "snapshot", script, path, document.ToJsonString());
        container.Remove("args");
        foreach (var variable in container["env"]!.AsArray().Where(variable => (string?)variable!["name"] == "WAIT_SECONDS"))
            variable!["value"] = ((long)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var spec = new JsonObject
        {
            ["backoffLimit"] = 2,
            ["activeDeadlineSeconds"] = (long)timeout.TotalSeconds,
            ["ttlSecondsAfterFinished"] = (long)TimeSpan.FromDays(1).TotalSeconds,
            // With the labels of the set-up: network policies let it out by them.
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = TemplateLabels(setup) }, ["spec"] = pod },
        };
        return (new SpecifiedJobStep(Namespace, name, $"Take snapshot manual-{stamp} of OpenSearch into {repository}", spec.ToJsonString(), timeout), null);
    }

    /// <summary>Without those that a job controller adds for its own job.</summary>
    private static JsonObject TemplateLabels(JsonObject setup)
    {
        var labels = setup["spec"]!["template"]!["metadata"]?["labels"]?.DeepClone() as JsonObject ?? [];
        foreach (var own in new[] { "controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name" })
            labels.Remove(own);
        return labels;
    }

    private static Refusal NotPossible(string reason, string advice) => new() { Code = "BackupUnknown", Kind = FailureKind.NotFound, Reason = reason, Advice = advice };
}
