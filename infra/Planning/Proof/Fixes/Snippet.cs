using System.Globalization;
using System.Text;
using HaCluster.Planning.Modelling.Objects;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Changes of Kubernetes objects as YAML: only the changed fields, and the identity of the object.</summary>
internal static class Snippet
{
    public static string Pods(Workload workload, string podFields) => Of(workload, "", podFields);

    /// <param name="fields">Below <c>spec</c>.</param>
    /// <param name="podFields">Below the spec of the pods.</param>
    public static string Of(Workload workload, string fields, string podFields = "")
    {
        var (apiVersion, kind, name) = workload.MadeFrom ?? new OperatorObject(
            workload.ObjectKind switch
            {
                "Pod" or "ReplicationController" => "v1",
                "Job" or "CronJob" => "batch/v1",
                _ => "apps/v1",
            },
            workload.ObjectKind, workload.Name);
        var yaml = new StringBuilder($"""
            apiVersion: {apiVersion}
            kind: {kind}
            metadata:
              name: {name}
              namespace: {workload.Namespace}
            spec:
            """.ReplaceLineEndings("\n"));
        if (fields.Length > 0)
            yaml.Append('\n').Append(Indent(fields, 2));
        if (podFields.Length == 0)
            return yaml.ToString();
        var margin = 2;
        foreach (var step in PodPath(workload).Split('.').Skip(1))
        {
            yaml.Append('\n').Append(' ', margin).Append(step).Append(':');
            margin += 2;
        }

        return yaml.Append('\n').Append(Indent(podFields, margin)).ToString();
    }

    /// <summary>The path of the pod spec in the object.</summary>
    public static string PodPath(Workload workload) => workload.MadeFrom is null ? PodTemplates.PathOf(workload.ObjectKind) ?? "spec.template.spec" : "spec";

    public static string Budget(string @namespace, string name, LabelSelector? selector) => $"""
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: {name}
          namespace: {@namespace}
        spec:
          maxUnavailable: 1
          selector:{Selector(selector, 4)}
        """;

    public static string Claim(string @namespace, string name, string storageClass) => $"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: {name}
          namespace: {@namespace}
        spec:
          storageClassName: {storageClass} # cannot be changed in a claim that exists: delete that one first
        """;

    public static string Quota(string @namespace, IEnumerable<KeyValuePair<string, string>> hard) => $"""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: quota
          namespace: {@namespace}
        spec:
          hard:
        {Indent(string.Join('\n', hard.Select(limit => $"{limit.Key}: {limit.Value}")), 4)}
        """;

    public static string Spread(TopologySpread spread) => string.Create(CultureInfo.InvariantCulture, $"""
        - maxSkew: {spread.MaxSkew}
          topologyKey: {spread.TopologyKey}
          whenUnsatisfiable: {(spread.IsRequired ? "DoNotSchedule" : "ScheduleAnyway")}
        """) + (spread.MinDomains > 1 ? string.Create(CultureInfo.InvariantCulture, $"\n  minDomains: {spread.MinDomains}") : "")
        + (spread.HonorsAffinity ? "" : "\n  nodeAffinityPolicy: Ignore")
        + (spread.HonorsTaints ? "\n  nodeTaintsPolicy: Honor" : "")
        + (spread.MatchLabelKeys.IsEmpty ? "" : $"\n  matchLabelKeys: [{string.Join(", ", spread.MatchLabelKeys)}]") + $"\n  labelSelector:{Selector(spread.Selector, 4)}";

    private static string Selector(LabelSelector? selector, int indent)
    {
        var labels = new StringBuilder();
        var expressions = new StringBuilder();
        var margin = new string(' ', indent);
        foreach (var one in selector?.Requirements ?? [])
        {
            if (one is { Operator: LabelOperator.In, Values: [var value] })
                labels.Append(CultureInfo.InvariantCulture, $"\n{margin}  {one.Key}: {Quoted(value)}");
            else
                expressions.Append(CultureInfo.InvariantCulture, $"\n{margin}- {{key: {one.Key}, operator: {one.Operator}, values: [{string.Join(", ", one.Values.Select(Quoted))}]}}");
        }

        return labels.Length + expressions.Length == 0 ? " {}"
            : (labels.Length > 0 ? $"\n{margin}matchLabels:{labels}" : "") + (expressions.Length > 0 ? $"\n{margin}matchExpressions:{expressions}" : "");
    }

    // Labels such as "true" or "1" must stay strings.
    private static string Quoted(string value) => value.Length > 0 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
        && value.Any(letter => letter is '-' or (>= 'g' and <= 'z')) && char.IsAsciiLetter(value[0]) && value is not ("yes" or "no" or "on" or "off" or "null" or "true" or "false")
            ? value
            : $"\"{value}\"";

    private static string Indent(string text, int spaces)
    {
        var margin = new string(' ', spaces);
        return margin + text.ReplaceLineEndings("\n" + margin);
    }
}
