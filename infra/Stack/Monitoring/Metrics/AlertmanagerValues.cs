using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Monitoring.Alerting;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Stack.Workloads;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>Alertmanager, as values of kube-prometheus-stack.</summary>
public static class AlertmanagerValues
{
    private const string Volume = "slack";

    public static Dictionary<string, object> Of(MonitoringSettings settings, AlertmanagerConfig config, int zones) => new()
    {
        ["podDisruptionBudget"] = new Dictionary<string, object> { ["enabled"] = true, ["minAvailable"] = MonitoringSettings.AlertmanagerReplicas - 1 },
        ["serviceAccount"] = new Dictionary<string, object> { ["name"] = MonitoringNames.AlertmanagerAccount },
        // Taken as it is: what looks like a template of Helm in it is one of Alertmanager.
        ["tplConfig"] = false,
        ["config"] = config.Values(),
        ["templateFiles"] = new Dictionary<string, object> { [SlackTemplate.FileName] = SlackTemplate.Text(settings.Links) },
        ["alertmanagerSpec"] = Spec(settings, zones),
    };

    private static Dictionary<string, object> Spec(MonitoringSettings settings, int zones)
    {
        var spec = new Dictionary<string, object>
        {
            ["replicas"] = MonitoringSettings.AlertmanagerReplicas,
            ["externalUrl"] = settings.Links.Alertmanager,
            ["resources"] = MonitoringSizes.Alertmanager.Values(),
            ["priorityClassName"] = PriorityClasses.High,
            ["nodeSelector"] = StatefulNodes.NodeSelectorValues(),
            ["tolerations"] = StatefulNodes.TolerationValues(),
            ["topologySpreadConstraints"] = ZoneSpread.Required(zones, ("app.kubernetes.io/instance", MonitoringNames.Alertmanager)).Values(),
            ["storage"] = new Dictionary<string, object> { ["volumeClaimTemplate"] = PrometheusValues.Claim(settings.AlertmanagerVolume.ToString()) },
        };
        if (settings.Slack.Secret is not null)
        {
            // Not by the operator's own list of secrets: those must exist before a pod starts. A webhook that does not exist in AWS yet must
            // not keep critical alerts from SNS.
            spec["volumes"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["name"] = Volume,
                    ["secret"] = new Dictionary<string, object> { ["secretName"] = MonitoringNames.SlackSecret, ["optional"] = true },
                },
            };
            spec["volumeMounts"] = new[]
            {
                new Dictionary<string, object> { ["name"] = Volume, ["mountPath"] = SlackTarget.Folder, ["readOnly"] = true },
            };
        }

        return spec;
    }
}
