using System.Collections.Immutable;

namespace HaCluster.Stack.Chains.Upkeep;

/// <summary>What the jobs of <see cref="Maintenance"/> run: bash with kubectl and jq. All are idempotent and can run at any time.</summary>
public static class MaintenanceScripts
{
    public const string Volumes = "volumes.sh";
    public const string Snapshots = "snapshots.sh";
    public const string Rollout = "rollout.sh";

    // A missing claim is created from the newest snapshot of its set, if there is one: an hour of reading instead of days of syncing. Without
    // a snapshot the StatefulSet creates an empty one. An existing claim is grown, without a restart of its pod. SET, REPLICAS, STORAGE, CLASS.
    private const string VolumesScript = """
        set -euo pipefail

        newest=$(kubectl get volumesnapshots.snapshot.storage.k8s.io -l "app.kubernetes.io/name=$SET" -o json | jq -r '
          [.items[] | select(.status.readyToUse == true and .metadata.deletionTimestamp == null)]
          | sort_by(.status.creationTime) | last | .metadata.name // empty')

        for ((ordinal = 0; ordinal < REPLICAS; ordinal++)); do
          claim="data-$SET-$ordinal"
          current=$(kubectl get persistentvolumeclaim "$claim" --ignore-not-found -o json | jq -r '.spec.resources.requests.storage')
          if [ "$current" = "$STORAGE" ]; then
            echo "$claim has $STORAGE"
          elif [ -n "$current" ]; then
            echo "$claim grows from $current to $STORAGE"
            kubectl patch persistentvolumeclaim "$claim" --type merge \
              -p "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"$STORAGE\"}}}}"
          elif [ -n "$newest" ]; then
            echo "$claim is created from $newest"
            jq -n --arg claim "$claim" --arg set "$SET" --arg chain "$CHAIN" --arg class "$CLASS" --arg storage "$STORAGE" --arg snapshot "$newest" '{
              apiVersion: "v1", kind: "PersistentVolumeClaim",
              metadata: { name: $claim, labels: {
                "app.kubernetes.io/name": $set, "ha-cluster/chain": $chain, "ha-cluster/role": "node" } },
              spec: {
                accessModes: ["ReadWriteOnce"], storageClassName: $class,
                resources: { requests: { storage: $storage } },
                dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: $snapshot } } }' | kubectl create -f -
          else
            echo "there is no snapshot for $claim: the StatefulSet creates it empty"
          fi
        done
        """;

    // Takes a snapshot of every claim of the chain; then deletes all but the newest KEEP of each claim, and those that never became ready and were
    // overtaken by one that did. CHAIN, KEEP, SNAPSHOT_CLASS.
    private const string SnapshotsScript = """
        set -euo pipefail

        stamp=$(date -u +%Y%m%d%H%M)
        claims=$(kubectl get persistentvolumeclaims -l "ha-cluster/chain=$CHAIN" -o json | jq -r '
          .items[] | select(.status.phase == "Bound" and .metadata.deletionTimestamp == null)
          | .metadata.name + " " + .metadata.labels["app.kubernetes.io/name"]')

        while read -r claim set; do
          [ -n "$claim" ] || continue
          jq -n --arg name "$claim-$stamp" --arg claim "$claim" --arg set "$set" --arg chain "$CHAIN" --arg class "$SNAPSHOT_CLASS" '{
            apiVersion: "snapshot.storage.k8s.io/v1", kind: "VolumeSnapshot",
            metadata: { name: $name, labels: {
              "app.kubernetes.io/name": $set, "ha-cluster/chain": $chain, "ha-cluster/claim": $claim } },
            spec: { volumeSnapshotClassName: $class, source: { persistentVolumeClaimName: $claim } } }' | kubectl apply -f -

          old=$(kubectl get volumesnapshots.snapshot.storage.k8s.io -l "ha-cluster/claim=$claim" -o json | jq -r --argjson keep "$KEEP" '
            ([.items[] | select(.status.readyToUse == true)] | sort_by(.status.creationTime) | reverse) as $ready
            | ($ready[$keep:][], (.items[] | select(.status.readyToUse != true
                and ($ready | length) > 0 and .metadata.creationTimestamp < $ready[0].metadata.creationTimestamp)))
            | .metadata.name')
          for snapshot in $old; do
            kubectl delete volumesnapshots.snapshot.storage.k8s.io "$snapshot" --wait=false
          done
        done <<< "$claims"
        """;

    // Evicts at most one pod that is not of its set's newest revision. The budget of the chain refuses it while another pod is not ready,
    // so pods are updated one at a time over all sets, each after the previous one has caught up. SETS.
    private const string RolloutScript = """
        set -euo pipefail

        for set in $SETS; do
          revision=$(kubectl get statefulset "$set" -o json | jq -r .status.updateRevision)
          pods=$(kubectl get pods -l "app.kubernetes.io/name=$set" -o json | jq -r --arg revision "$revision" '
            .items[] | select(.metadata.labels["controller-revision-hash"] != $revision and .metadata.deletionTimestamp == null)
            | .metadata.name')
          for pod in $pods; do
            if jq -n --arg pod "$pod" '{ apiVersion: "policy/v1", kind: "Eviction", metadata: { name: $pod } }' \
              | kubectl create --raw "/api/v1/namespaces/$NAMESPACE/pods/$pod/eviction" -f -; then
              echo "$pod is deleted and will be recreated with $revision"
              exit 0
            fi
            echo "$pod is not updated yet"
          done
        done
        """;

    /// <summary>Scripts by file name.</summary>
    public static readonly ImmutableSortedDictionary<string, string> All = ImmutableSortedDictionary<string, string>.Empty
        .Add(Volumes, VolumesScript)
        .Add(Snapshots, SnapshotsScript)
        .Add(Rollout, RolloutScript);
}
