using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Delivery;
using HaCluster.Stack.Software;

namespace HaCluster.Stack.Delivery;

/// <summary>How the runner makes the pod of a job (https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings).</summary>
public static class RunnerConfig
{
    // Where BuildKit without root keeps layers: in the image a volume, which nothing would count against the limit of the job
    // (https://github.com/moby/buildkit/blob/master/Dockerfile).
    private const string Layers = "/home/user/.local/share/buildkit";

    /// <summary>Label of the pods of jobs, and of no other.</summary>
    public const string JobLabel = "ha-cluster/pipeline-job";

    /// <summary>
    /// The template of the runner's configuration. Jobs cannot raise their own limits: no <c>overwrite</c> is allowed. The chart reads it as a
    /// template of its own, so it has no double braces.
    /// </summary>
    /// <remarks>
    /// <c>allow_privilege_escalation</c> is left alone on purpose: BuildKit without root maps its users with newuidmap, which has the setuid bit;
    /// that, and a user namespace, is all it needs. Nodes do not set a seccomp profile where a pod names none, and the baseline level of Pod
    /// Security only refuses to name "unconfined".
    /// </remarks>
    public static string Toml(RunnerSettings settings, string jobNamespace, string jobAccount) => $"""
        [[runners]]
          executor = "kubernetes"
          [runners.kubernetes]
            namespace = "{jobNamespace}"
            image = "{Pins.JobImage}"
            privileged = false
            service_account = "{jobAccount}"
            automount_service_account_token = false
            priority_class_name = "{PriorityClasses.Batch}"
            # A job waits this long, in seconds, for a node that is still being made.
            poll_timeout = 900
            retry_limit = 5
            retry_backoff_max = 30000
        {Size("", settings.Job)}
        {Size("helper_", RunnerSettings.Helper)}
        {Size("service_", RunnerSettings.Service)}
            [runners.kubernetes.retry_limits]
              "exceeded quota" = 20
            [runners.kubernetes.pod_labels]
              "{JobLabel}" = "true"
            [runners.kubernetes.pod_annotations]
              "cluster-autoscaler.kubernetes.io/safe-to-evict" = "false"
            [[runners.kubernetes.volumes.empty_dir]]
              name = "layers"
              mount_path = "{Layers}"
              size_limit = "{settings.Job.EphemeralStorage}"

        """.ReplaceLineEndings("\n");

    private static string Size(string container, ContainerSize size) => $"""
            {container}cpu_request = "{size.Cpu}"
            {container}cpu_limit = "{size.CpuLimit}"
            {container}memory_request = "{size.Memory}"
            {container}memory_limit = "{size.Memory}"
            {container}ephemeral_storage_request = "{size.EphemeralStorage}"
            {container}ephemeral_storage_limit = "{size.EphemeralStorage}"
        """;
}
