using System.Text.Json;
using HaCluster.Stack.Chains.Upkeep;
using HaCluster.Workloads.Tests.Peers;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>The scripts run in a real bash with a real jq; only kubectl is a stand-in, which reads objects from files and notes what is changed.</summary>
public sealed class MaintenanceScriptTests : IDisposable
{
    // get: an object by kind and name, or a list by kind. Everything else is written down with what comes in; a file named "refuse" makes it fail.
    private const string Kubectl = """
        #!/bin/bash
        here=$(dirname "$0")
        if [ "$1" = get ]; then
          kind=${2%%.*}
          if [ "${3:0:1}" = - ]; then
            cat "$here/$kind.json"
          elif [ -f "$here/$kind-$3.json" ]; then
            cat "$here/$kind-$3.json"
          fi
          exit 0
        fi
        echo "$*" >> "$here/calls"
        [[ "$*" != *"-f -"* ]] || cat >> "$here/objects"
        [ ! -f "$here/refuse" ] || [[ "$*" != *"$(cat "$here/refuse")"* ]]
        """;

    private readonly Scratch _scratch = new();

    public MaintenanceScriptTests()
    {
        var kubectl = _scratch.Write("kubectl", Kubectl.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(kubectl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _scratch.Write("volumesnapshots.json", """{"items":[]}""");
    }

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task Without_a_snapshot_the_first_claims_are_left_to_the_set()
    {
        await VolumesAsync();

        Assert.Empty(Calls);
    }

    [SkippableFact]
    public async Task A_missing_claim_is_made_from_the_newest_snapshot_that_is_ready()
    {
        Claim("data-bitcoin-0", "100Gi");
        Claim("data-bitcoin-2", "100Gi");
        Snapshots(
            ("old", "2026-01-01T00:00:00Z", true, false),
            ("newest", "2026-01-03T00:00:00Z", true, false),
            ("leaving", "2026-01-04T00:00:00Z", true, true),
            ("unready", "2026-01-05T00:00:00Z", false, false));

        await VolumesAsync();

        Assert.Equal("create -f -", Assert.Single(Calls));
        var claim = Assert.Single(Objects);
        Assert.Equal("data-bitcoin-1", claim.GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal("newest", claim.GetProperty("spec").GetProperty("dataSource").GetProperty("name").GetString());
        Assert.Equal("chain-data", claim.GetProperty("spec").GetProperty("storageClassName").GetString());
        Assert.Equal("100Gi", claim.GetProperty("spec").GetProperty("resources").GetProperty("requests").GetProperty("storage").GetString());
        Assert.Equal("bitcoin", claim.GetProperty("metadata").GetProperty("labels").GetProperty("ha-cluster/chain").GetString());
    }

    [SkippableFact]
    public async Task Small_claims_are_grown_and_the_others_are_left_alone()
    {
        Claim("data-bitcoin-0", "100Gi");
        Claim("data-bitcoin-1", "50Gi");
        Claim("data-bitcoin-2", "100Gi");

        await VolumesAsync();

        var call = Assert.Single(Calls);
        Assert.StartsWith("patch persistentvolumeclaim data-bitcoin-1 --type merge", call, StringComparison.Ordinal);
        Assert.EndsWith("""{"spec":{"resources":{"requests":{"storage":"100Gi"}}}}""", call, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_refused_change_fails_the_job()
    {
        Claim("data-bitcoin-0", "200Gi");
        _scratch.Write("refuse", "patch");

        Assert.NotEqual(0, await RunAsync(MaintenanceScripts.Volumes, VolumesEnvironment));
    }

    [SkippableFact]
    public async Task Every_bound_claim_is_snapshotted_and_the_newest_are_kept()
    {
        _scratch.Write("persistentvolumeclaims.json", """
            {"items":[
              {"metadata":{"name":"data-bitcoin-0","labels":{"app.kubernetes.io/name":"bitcoin"}},"status":{"phase":"Bound"}},
              {"metadata":{"name":"data-bitcoin-1","labels":{"app.kubernetes.io/name":"bitcoin"}},"status":{"phase":"Pending"}}]}
            """);
        Snapshots(
            ("a", "2026-01-01T00:00:00Z", true, false),
            ("b", "2026-01-02T00:00:00Z", true, false),
            ("c", "2026-01-03T00:00:00Z", true, false),
            ("stuck", "2026-01-02T12:00:00Z", false, false),
            ("coming", "2026-01-04T00:00:00Z", false, false));

        Assert.Equal(0, await RunAsync(MaintenanceScripts.Snapshots, ("CHAIN", "bitcoin"), ("KEEP", "2"), ("SNAPSHOT_CLASS", "chain-data")));

        var snapshot = Assert.Single(Objects);
        Assert.StartsWith("data-bitcoin-0-2", snapshot.GetProperty("metadata").GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal("data-bitcoin-0", snapshot.GetProperty("spec").GetProperty("source").GetProperty("persistentVolumeClaimName").GetString());
        Assert.Equal("data-bitcoin-0", snapshot.GetProperty("metadata").GetProperty("labels").GetProperty("ha-cluster/claim").GetString());
        Assert.Equal(
            ["a", "stuck"],
            Calls.Where(call => call.StartsWith("delete", StringComparison.Ordinal)).Select(call => call.Split(' ')[2]).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task A_chain_without_claims_yet_has_nothing_to_snapshot()
    {
        _scratch.Write("persistentvolumeclaims.json", """{"items":[]}""");

        Assert.Equal(0, await RunAsync(MaintenanceScripts.Snapshots, ("CHAIN", "bitcoin"), ("KEEP", "2"), ("SNAPSHOT_CLASS", "chain-data")));
        Assert.Empty(Calls);
    }

    [SkippableFact]
    public async Task One_node_of_an_old_revision_is_asked_to_leave()
    {
        Pods();

        Assert.Equal(0, await RolloutAsync());

        Assert.Equal("create --raw /api/v1/namespaces/chains/pods/geth-1/eviction -f -", Assert.Single(Calls));
        Assert.Equal("Eviction", Assert.Single(Objects).GetProperty("kind").GetString());
    }

    [SkippableFact]
    public async Task Where_the_budget_refuses_nothing_fails_and_the_next_is_asked()
    {
        Pods();
        _scratch.Write("refuse", "geth-1/");

        Assert.Equal(0, await RolloutAsync());

        Assert.Equal(
            ["create --raw /api/v1/namespaces/chains/pods/geth-1/eviction -f -", "create --raw /api/v1/namespaces/chains/pods/geth-2/eviction -f -"], Calls);
    }

    private string[] Calls => File.Exists(At("calls")) ? File.ReadAllLines(At("calls")) : [];

    private List<JsonElement> Objects
    {
        get
        {
            var reader = new Utf8JsonReader(File.ReadAllBytes(At("objects")), new JsonReaderOptions { AllowMultipleValues = true });
            var objects = new List<JsonElement>();
            while (reader.Read())
                objects.Add(JsonElement.ParseValue(ref reader));
            return objects;
        }
    }

    private static (string, string)[] VolumesEnvironment =>
        [("CHAIN", "bitcoin"), ("SET", "bitcoin"), ("REPLICAS", "3"), ("STORAGE", "100Gi"), ("CLASS", "chain-data")];

    private string At(string name) => Path.Combine(_scratch.Path, name);

    private void Claim(string name, string storage) =>
        _scratch.Write($"persistentvolumeclaim-{name}.json", JsonSerializer.Serialize(new { spec = new { resources = new { requests = new { storage } } } }));

    private void Snapshots(params (string Name, string Time, bool IsReady, bool Leaves)[] snapshots) => _scratch.Write("volumesnapshots.json", JsonSerializer.Serialize(new
    {
        items = snapshots.Select(snapshot => new
        {
            metadata = new { name = snapshot.Name, creationTimestamp = snapshot.Time, deletionTimestamp = snapshot.Leaves ? snapshot.Time : null },
            status = new { readyToUse = snapshot.IsReady, creationTime = snapshot.Time },
        }),
    }));

    private void Pods()
    {
        _scratch.Write("statefulset-geth.json", """{"status":{"updateRevision":"geth-new"}}""");
        _scratch.Write("pods.json", """
            {"items":[
              {"metadata":{"name":"geth-0","labels":{"controller-revision-hash":"geth-new"}}},
              {"metadata":{"name":"geth-1","labels":{"controller-revision-hash":"geth-old"}}},
              {"metadata":{"name":"geth-2","labels":{"controller-revision-hash":"geth-old"}}},
              {"metadata":{"name":"geth-3","labels":{"controller-revision-hash":"geth-old"},"deletionTimestamp":"2026-01-01T00:00:00Z"}}]}
            """);
    }

    private async Task VolumesAsync() => Assert.Equal(0, await RunAsync(MaintenanceScripts.Volumes, VolumesEnvironment));

    private Task<int> RolloutAsync() => RunAsync(MaintenanceScripts.Rollout, ("NAMESPACE", "chains"), ("SETS", "geth"));

    private async Task<int> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        new Tool("jq", "jq").Require();
        var variables = environment.ToDictionary(variable => variable.Name, variable => (string?)variable.Value);
        variables["PATH"] = $"{_scratch.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        var path = _scratch.Write(script, MaintenanceScripts.All[script].ReplaceLineEndings("\n"));
        return (await Programs.RunAsync(new Tool("bash", "bash").Require(), [path], environment: variables)).ExitCode;
    }
}
