using HaCluster.Twin.Tests.World;
using HaCluster.Twin.World;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>A stack that is small enough to be operated hundreds of times in a test, and has all that operations act on: three zones, stateful sets with volumes, a database, a load balancer.</summary>
internal static class SmallStack
{
    public const string Workload = "hello";
    public const string WorkloadNamespace = "site-hello";

    private const string Settings = """
        config:
          aws:region: eu-central-1
          ha-cluster:zones: 3
          ha-cluster:nat: perZone
          ha-cluster:nodePools:
            system: { min: 3, max: 6 }
            stateful: { min: 1, max: 2 }
            general: { min: 3, max: 6 }
          ha-cluster:sites:
            hello: { image: "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine", domain: hello.example.com, minReplicas: 3 }
          ha-cluster:databases:
            postgresql: { enabled: false }
            mysql: { readers: 2 }
          ha-cluster:logging: { enabled: false }
          ha-cluster:delivery: { enabled: false }
          ha-cluster:backups: { enabled: false }
          ha-cluster:chains: { enabled: false }
        """;

    public static Task<WorldPlan> PlanAsync() => PlannedStack.Of("small", Settings);
}
