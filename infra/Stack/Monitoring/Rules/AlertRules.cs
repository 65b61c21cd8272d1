using System.Collections.Immutable;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Monitoring.Rules;

/// <summary>Input of <see cref="AlertRules"/>.</summary>
public sealed record AlertRulesArgs
{
    public required Foundation Foundation { get; init; }

    /// <summary>Brings the definition of rules.</summary>
    public required PlatformServices Platform { get; init; }

    /// <summary>All settings: what is declared decides what is watched.</summary>
    public required StackSettings Settings { get; init; }
}

/// <summary>Alerting and recording rules, one object per subject.</summary>
public sealed class AlertRules : ComponentResource
{
    public const string TypeToken = "ha-cluster:monitoring:AlertRules";

    public AlertRules(string name, AlertRulesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        ImmutableArray<Resource> after = [.. args.Foundation.Ready, .. args.Platform.MonitorsReady];
        foreach (var group in RuleCatalog.For(args.Settings))
        {
            _ = new Kubernetes.ApiExtensions.CustomResource(
                $"rules-{group.Name}",
                new PrometheusRuleArgs
                {
                    Metadata = new ObjectMetaArgs { Name = $"ha-{group.Name}", Namespace = ClusterNamespaces.Monitoring },
                    Spec = new PrometheusRuleSpecArgs { Groups = { Typed(group, args.Settings.Monitoring.Links) } },
                },
                new CustomResourceOptions { Parent = this, Provider = args.Foundation.Provider, DependsOn = after });
        }

        RegisterOutputs();
    }

    private static PrometheusRuleGroupArgs Typed(RuleGroup group, MonitoringLinks links) => new()
    {
        Name = group.Name,
        Rules = group.Records.Select(Typed).Concat(group.Alerts.Select(alert => Typed(alert, links))).ToArray(),
    };

    private static PrometheusRuleEntryArgs Typed(RecordingRule rule)
    {
        var entry = new PrometheusRuleEntryArgs { Record = rule.Series, Expression = rule.Expression };
        foreach (var (label, value) in rule.Labels)
            entry.Labels.Add(label, value);
        return entry;
    }

    private static PrometheusRuleEntryArgs Typed(AlertRule rule, MonitoringLinks links) => new()
    {
        Alert = rule.Name,
        Expression = rule.Expression,
        For = rule.For,
        Labels = { ["severity"] = rule.Severity, ["team"] = rule.Team },
        Annotations =
        {
            ["summary"] = rule.Summary,
            ["description"] = rule.Description,
            ["runbook_url"] = $"{links.Runbooks}/{rule.Name}.md",
            ["dashboard_url"] = $"{links.Grafana}/d/{rule.Dashboard}",
        },
    };
}
