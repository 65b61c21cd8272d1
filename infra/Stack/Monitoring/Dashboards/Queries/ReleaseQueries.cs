namespace HaCluster.Stack.Monitoring.Dashboards.Queries;

/// <summary>
/// Times of releases: a revision without pods gets some. For a Deployment a revision is a ReplicaSet: a new image, a changed
/// setting and a rollback all give replicas to one that had none, and a change of the number of replicas does not.
/// (<c>kube_deployment_status_observed_generation</c> changes whenever an autoscaler works, and <c>kube_replicaset_created</c> misses rollbacks.)
/// For a StatefulSet it is its update revision.
/// </summary>
internal static class ReleaseQueries
{
    /// <summary>Has a series with <c>namespace</c> and <c>workload</c> for 5 minutes after each release of the chosen service.</summary>
    public static readonly string Marks = Released("5m");

    /// <summary>
    /// When the last release in the time range of the dashboard was, to 2 minutes, in seconds since 1970; the beginning of the range when there
    /// was none.
    /// </summary>
    public static readonly string Last = $"query_result(max(max_over_time(timestamp({Released("2m")})[$__range:1m])) or vector(time() - $__range_s))";

    /// <summary>Takes the number out of what <see cref="Last"/> gives.</summary>
    public const string LastPattern = @"/\} ([0-9.]+) /";

    // Long enough to average out noise, short enough for a quick answer. 5 minutes at both ends belong to the rollout itself.
    private const string Before = "[1h:1m] @ $release offset 5m";
    private const string After = "[1h:1m] @ $release offset -65m";

    /// <summary>The average in the hour before the last release.</summary>
    public static string AverageBefore(string expression) => $"avg_over_time(({expression}){Before})";

    /// <summary>The average in the hour after it, or in as much of that hour as there is.</summary>
    public static string AverageAfter(string expression) => $"avg_over_time(({expression}){After})";

    /// <summary>By which share the average is higher after the release than before.</summary>
    public static string Change(string expression) => $"({AverageAfter(expression)}) / ({AverageBefore(expression)}) - 1";

    private static string Released(string lasts) =>
        $"({Workloads(OfDeployments(lasts), "replicaset", "(.+)-[^-]+")}) or ({Workloads(OfStatefulSets(lasts), "statefulset", "(.+)")})";

    private static string OfDeployments(string lasts) =>
        OfService(Appeared("""kube_replicaset_spec_replicas{namespace="$namespace"}""", "namespace, replicaset", lasts), "replicaset", "$1-00000");

    private static string OfStatefulSets(string lasts) =>
        OfService(Appeared("""kube_statefulset_status_update_revision{namespace="$namespace"}""", "namespace, statefulset, revision", lasts), "statefulset", "$1-0");

    private static string Workloads(string released, string label, string pattern) =>
        $"""max by (namespace, workload) (label_replace({released}, "workload", "$1", "{label}", "{pattern}"))""";

    /// <summary>Those whose pods, were they named as <paramref name="pod"/>, would be the service's: pods of a revision that is gone are not there to ask.</summary>
    private static string OfService(string series, string label, string pod) =>
        $"""(label_replace(label_replace({series}, "pod", "{pod}", "{label}", "(.+)"), "service", "$service", "pod", "$pods") and on (service) label_replace(vector(1), "service", "$service", "", ""))""";

    // Summed up over what scraping adds, which changes when kube-state-metrics restarts; and silent when it was not there to ask before.
    private static string Appeared(string series, string by, string lasts) =>
        $"((max by ({by}) ({series}) > 0) unless (max by ({by}) ({series} offset {lasts}) > 0) and on () (count(kube_node_info offset {lasts}) > 0))";
}
