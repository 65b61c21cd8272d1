using System.Text;
using HaCluster.Stack.Settings.Monitoring;

namespace HaCluster.Stack.Monitoring.Events;

/// <summary>Configuration of Fluent Bit: events in, alerts out (https://docs.fluentbit.io/manual/data-pipeline/inputs/kubernetes-events).</summary>
public static class EventPipeline
{
    public const string FileName = "fluent-bit.yaml";

    public const int HealthPort = 2020;

    private const int AlertmanagerPort = 9093;

    /// <summary>The file.</summary>
    /// <param name="folder">Where the script is.</param>
    /// <remarks>
    /// After a start the API server lists an hour of events; only the last minutes are used. Every Alertmanager gets every alert, as from
    /// Prometheus. A batch is one array of alerts, which is what their API takes.
    /// </remarks>
    public static string Text(string folder)
    {
        var text = new StringBuilder($"""
            service:
              flush: 5
              log_level: warn
              http_server: on
              http_listen: 0.0.0.0
              http_port: {HealthPort}
              health_check: on
            pipeline:
              inputs:
                - name: kubernetes_events
                  tag: events
                  kube_url: https://kubernetes.default.svc
                  kube_retention_time: 5m
              filters:
                - name: lua
                  match: events
                  script: {folder}/{EventScript.FileName}
                  call: {EventScript.Function}
              outputs:

            """);
        for (var ordinal = 0; ordinal < MonitoringSettings.AlertmanagerReplicas; ordinal++)
        {
            text.Append($"""
                    - name: http
                      match: events
                      host: {MonitoringNames.AlertmanagerHost(ordinal)}
                      port: {AlertmanagerPort}
                      uri: /api/v2/alerts
                      format: json
                      json_date_key: false
                      retry_limit: 10

                """);
        }

        return text.ToString();
    }
}
