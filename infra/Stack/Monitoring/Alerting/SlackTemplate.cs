using HaCluster.Stack.Settings.Monitoring;

namespace HaCluster.Stack.Monitoring.Alerting;

/// <summary>
/// Template of messages: what, where, since when, how severe, and links to the next steps
/// (https://prometheus.io/docs/alerting/latest/notifications/, functions of Alertmanager 0.25 and later).
/// </summary>
public static class SlackTemplate
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "messages.tmpl";

    /// <summary>The value of a field that a template fills.</summary>
    public static string Use(string name) => $"{{{{ template \"ha.{name}\" . }}}}";

    /// <summary>The file.</summary>
    /// <remarks>
    /// Slack refuses long messages, and Alertmanager does not repeat a refused one: at most five alerts are written out, each cut. Labels and
    /// annotations are somebody's text, and Slack's own signs in them are escaped.
    /// </remarks>
    public static string Text(MonitoringLinks links) => $$$"""
        {{ define "ha.safe" }}{{ . | reReplaceAll "(?s)^(.{400}).+$" "$1..." | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;" }}{{ end }}

        {{ define "ha.color" }}{{ if eq .Status "resolved" }}#2eb67d{{ else if eq .CommonLabels.severity "critical" }}#e01e5a{{ else if eq .CommonLabels.severity "warning" }}#ecb22e{{ else }}#36c5f0{{ end }}{{ end }}

        {{ define "ha.pretext" }}{{ if eq .Status "firing" }}{{ if eq .CommonLabels.severity "critical" }}<!here>{{ end }}{{ end }}{{ end }}

        {{ define "ha.subject" }}{{ $what := printf "[%s] %s" (toUpper .Status) .CommonLabels.alertname }}{{ if eq .Status "firing" }}{{ $what = printf "[FIRING:%d] %s" (len .Alerts.Firing) .CommonLabels.alertname }}{{ end }}{{ printf "%s %s %s %s" $what .CommonLabels.severity .CommonLabels.namespace .CommonLabels.cluster | reReplaceAll "[^ -~]+" "?" | reReplaceAll " +" " " | reReplaceAll "^(.{90}).+$" "$1..." }}{{ end }}

        {{ define "ha.title" }}[{{ toUpper .Status }}{{ if eq .Status "firing" }}:{{ len .Alerts.Firing }}{{ end }}] {{ .CommonLabels.alertname }}{{ with .CommonLabels.reason }} {{ . }}{{ end }}{{ with .CommonLabels.namespace }} in {{ . }}{{ end }}{{ with .CommonLabels.zone }}, zone {{ . }}{{ end }}{{ with .CommonLabels.cluster }} ({{ . }}){{ end }}{{ end }}

        {{ define "ha.link" }}{{ .ExternalURL }}/#/alerts?receiver={{ .Receiver | urlquery }}{{ end }}

        {{ define "ha.where" }}{{ range .Labels.SortedPairs }}{{ if not (match "^(alertname|severity|team|cluster|prometheus|prometheus_replica|job|endpoint|uid|reason|metrics_path)$" .Name) }} {{ .Name }} `{{ template "ha.safe" .Value }}`{{ end }}{{ end }}{{ end }}

        {{ define "ha.alert" }}*{{ if .Annotations.summary }}{{ template "ha.safe" .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}*
        {{ with .Annotations.description }}{{ template "ha.safe" . }}
        {{ end }}*How bad:* {{ .Labels.severity }}{{ with .Labels.team }}, team {{ . }}{{ end }}
        *Where:*{{ template "ha.where" . }}
        *Since:* <!date^{{ .StartsAt.Unix }}^{date_short_pretty} {time}|{{ .StartsAt.UTC.Format "2006-01-02 15:04 MST" }}>{{ if eq .Status "resolved" }}, over <!date^{{ .EndsAt.Unix }}^{date_short_pretty} {time}|{{ .EndsAt.UTC.Format "2006-01-02 15:04 MST" }}>{{ end }}
        {{ with .Annotations.runbook_url }}{{ if match "^https?://" . }}<{{ . }}|Runbook>  {{ else }}Runbook `{{ . }}`  {{ end }}{{ end }}{{ with .Annotations.dashboard_url }}<{{ . }}|Dashboard>  {{ end }}{{ with .GeneratorURL }}<{{ . }}|Graph>{{ end }}
        {{ end }}

        {{ define "ha.alerts" }}{{ range $index, $alert := . }}{{ if lt $index 5 }}{{ template "ha.alert" $alert }}
        {{ end }}{{ end }}{{ if gt (len .) 5 }}_The first 5 of {{ len . }}; all are on the page of Alertmanager._
        {{ end }}{{ end }}

        {{ define "ha.text" }}{{ template "ha.alerts" .Alerts.Firing }}{{ if .Alerts.Resolved }}{{ if .Alerts.Firing }}*Over:*
        {{ end }}{{ template "ha.alerts" .Alerts.Resolved }}{{ end }}{{ end }}

        {{ define "ha.footer" }}{{ .CommonLabels.cluster }} {{ .Receiver }}{{ end }}

        {{ define "ha.runbook.text" }}{{ if match "^https?://" .CommonAnnotations.runbook_url }}Runbook{{ else }}All alerts{{ end }}{{ end }}
        {{ define "ha.runbook.url" }}{{ if match "^https?://" .CommonAnnotations.runbook_url }}{{ .CommonAnnotations.runbook_url }}{{ else }}{{ .ExternalURL }}/#/alerts{{ end }}{{ end }}

        {{ define "ha.dashboard.text" }}{{ if .CommonAnnotations.dashboard_url }}Dashboard{{ else }}Dashboards{{ end }}{{ end }}
        {{ define "ha.dashboard.url" }}{{ with .CommonAnnotations.dashboard_url }}{{ . }}{{ else }}{{{links.Grafana}}}{{ end }}{{ end }}

        {{ define "ha.graph.text" }}Graph{{ end }}
        {{ define "ha.graph.url" }}{{ with (index .Alerts 0).GeneratorURL }}{{ . }}{{ else }}{{{links.Prometheus}}}{{ end }}{{ end }}

        {{ define "ha.silence.text" }}Silence{{ end }}
        {{ define "ha.silence.url" }}{{ $filter := "" }}{{ range .GroupLabels.SortedPairs }}{{ $filter = printf "%s,%s=%q" $filter .Name .Value }}{{ end }}{{ .ExternalURL }}/#/silences/new?filter={{ printf "{%s}" (reReplaceAll "^," "" $filter) | urlquery | reReplaceAll "[+]" "%20" }}{{ end }}

        {{ define "ha.mail" }}{{ template "ha.subject" . }}
        {{ range $index, $alert := .Alerts }}{{ if lt $index 20 }}
        {{ .Status }}: {{ .Annotations.summary }}
        {{ .Annotations.description }}
        since {{ .StartsAt.UTC.Format "2006-01-02 15:04 MST" }}
        {{ range .Labels.SortedPairs }}  {{ .Name }}: {{ .Value }}
        {{ end }}{{ with .Annotations.runbook_url }}runbook: {{ . }}
        {{ end }}{{ with .GeneratorURL }}graph: {{ . }}
        {{ end }}{{ end }}{{ end }}
        all: {{ .ExternalURL }}/#/alerts
        silence: {{ template "ha.silence.url" . }}
        {{ end }}

        """;
}
