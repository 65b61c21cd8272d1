using System.Text.Json;
using HaCluster.Stack.Monitoring;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Monitoring;

public class MonitoringTests
{
    private const string ReleaseType = "kubernetes:helm.sh/v3:Release";
    private const string WithSlack = """{"monitoring":{"slack":{"secret":"ha/slack"},"criticalEmails":["a@example.com","b@example.com"],"probes":["https://example.com/"]}}""";

    [Fact]
    public async Task What_has_a_volume_is_on_stateful_nodes_one_in_a_zone_and_may_lose_one()
    {
        var stack = await StackAsync("{}");

        foreach (var (part, spec, replicas, name) in new[] { ("prometheus", "prometheusSpec", 2, "monitoring-prometheus"), ("alertmanager", "alertmanagerSpec", 3, "monitoring-alertmanager") })
        {
            var path = $"values.{part}.{spec}";
            Assert.Equal(replicas, Convert.ToInt32(stack.At($"{path}.replicas"), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal("stateful", stack.Map($"{path}.nodeSelector").Values.Single());
            Assert.Equal(["DoNotSchedule", "DoNotSchedule"], Enumerable.Range(0, 2).Select(i => stack.Text($"{path}.topologySpreadConstraints.{i}.whenUnsatisfiable")));
            Assert.Equal(name, stack.Map($"{path}.topologySpreadConstraints.0.labelSelector.matchLabels")["app.kubernetes.io/instance"]);
            Assert.Equal("high", stack.Text($"{path}.priorityClassName"));
            Assert.Equal(replicas - 1, Convert.ToInt32(stack.At($"values.{part}.podDisruptionBudget.minAvailable"), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal("100Gi", stack.Text("values.prometheus.prometheusSpec.storageSpec.volumeClaimTemplate.spec.resources.requests.storage"));
        Assert.Equal("2Gi", stack.Text("values.alertmanager.alertmanagerSpec.storage.volumeClaimTemplate.spec.resources.requests.storage"));
    }

    [Fact]
    public async Task Every_monitor_and_rule_is_taken_and_what_EKS_hides_is_not_watched()
    {
        var stack = await StackAsync("{}");

        foreach (var selector in new[] { "serviceMonitor", "podMonitor", "probe", "scrapeConfig", "rule" })
            Assert.Equal(false, stack.At($"values.prometheus.prometheusSpec.{selector}SelectorNilUsesHelmValues"));
        foreach (var hidden in new[] { "crds", "kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy" })
            Assert.Equal(false, stack.At($"values.{hidden}.enabled"));
        foreach (var rules in new[] { "etcd", "kubeControllerManager", "kubeProxy", "kubeSchedulerAlerting", "kubeSchedulerRecording" })
            Assert.Equal(false, stack.At($"values.defaultRules.rules.{rules}"));
    }

    [Fact]
    public async Task Grafana_has_no_state_and_a_generated_password()
    {
        var stack = await StackAsync("{}");

        Assert.Equal(false, stack.At("values.grafana.persistence.enabled"));
        Assert.Equal("grafana-login", stack.Text("values.grafana.admin.existingSecret"));
        var ini = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object>>(stack.Map("values.grafana")["grafana.ini"]);
        Assert.Equal(false, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object>>(ini["auth.anonymous"])["enabled"]);
    }

    [Fact]
    public async Task Webhooks_are_mounted_when_there_are_any_and_their_absence_holds_nothing_up()
    {
        var with = await StackAsync(WithSlack);
        var without = await StackAsync("{}");

        Assert.Equal(true, with.At("values.alertmanager.alertmanagerSpec.volumes.0.secret.optional"));
        Assert.Equal("/etc/alertmanager/secrets/slack", with.Text("values.alertmanager.alertmanagerSpec.volumeMounts.0.mountPath"));
        Assert.Null(without.At("values.alertmanager.alertmanagerSpec.volumes"));
        Assert.DoesNotContain(without.Texts(), text => text.Value.Contains("secrets/slack", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_chart_of_monitoring_takes_a_class_that_is_refused_or_an_image_that_moves()
    {
        var releases = (await DeclaredCluster.FromAsync(WithSlack)).Of(ReleaseType).Where(release => release.At("namespace") is "monitoring").ToArray();

        Assert.True(releases.Length >= 4);
        foreach (var text in releases.SelectMany(release => release.Texts()))
        {
            Assert.False(text.Path.EndsWith("priorityClassName", StringComparison.Ordinal) && text.Value.StartsWith("system-", StringComparison.Ordinal), text.Path);
            Assert.False(text.Value == "latest" || text.Value.EndsWith(":latest", StringComparison.Ordinal), text.Path);
        }
    }

    [Fact]
    public async Task Topics_are_encrypted_and_a_silent_heartbeat_tells_the_critical_one()
    {
        var resources = await DeclaredCluster.FromAsync(WithSlack);

        var topics = resources.Of("aws:sns/topic:Topic");
        Assert.Equal(["critical", "heartbeat"], topics.Select(topic => topic.Name).Intersect(["critical", "heartbeat"]));
        Assert.All(topics, topic => Assert.EndsWith("/alarms", topic.Text("kmsMasterKeyId"), StringComparison.Ordinal));
        Assert.Equal(["a@example.com", "b@example.com"], resources.Of("aws:sns/topicSubscription:TopicSubscription").Select(each => each.Text("endpoint")));

        var alarm = resources.One("aws:cloudwatch/metricAlarm:MetricAlarm", "heartbeat-lost");
        Assert.Equal("breaching", alarm.Text("treatMissingData"));
        Assert.Equal("LessThanThreshold", alarm.Text("comparisonOperator"));
        Assert.Equal("ha-cluster-test-heartbeat", alarm.Text("dimensions.TopicName"));
        Assert.EndsWith("/critical", Assert.IsType<string>(Assert.Single(alarm.List("alarmActions"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_alarms_of_this_account_may_write_to_a_topic_and_use_its_key()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        foreach (var policy in new[] { resources.One("aws:sns/topicPolicy:TopicPolicy", "critical"), resources.One("aws:kms/key:Key", "alarms") })
        {
            foreach (var statement in JsonDocument.Parse(policy.Text("policy")).RootElement.GetProperty("Statement").EnumerateArray()
                .Where(statement => statement.GetProperty("Principal").TryGetProperty("Service", out _)))
            {
                Assert.Equal(ClusterMocks.Account, statement.GetProperty("Condition").GetProperty("StringEquals").GetProperty("aws:SourceAccount").GetString());
            }

            Assert.Contains("cloudwatch.amazonaws.com", policy.Text("policy"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Alertmanager_may_write_to_these_two_topics_and_the_exporter_may_only_read()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var publish = Statement(resources.One("aws:iam/rolePolicy:RolePolicy", "alertmanager"), "PublishAlarms");
        Assert.Equal("sns:Publish", publish.GetProperty("Action").GetString());
        Assert.Equal(["critical", "heartbeat"], publish.GetProperty("Resource").EnumerateArray().Select(arn => arn.GetString()!.Split('/')[^1]));
        var read = Statement(resources.One("aws:iam/rolePolicy:RolePolicy", "cloudwatch-exporter"), "ReadMetrics");
        Assert.Equal(["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources"], read.GetProperty("Action").EnumerateArray().Select(action => action.GetString()));
        Assert.Equal("eu-central-1", read.GetProperty("Condition").GetProperty("StringEquals").GetProperty("aws:RequestedRegion").GetString());
    }

    [Fact]
    public async Task Without_monitoring_there_is_no_heartbeat_to_miss()
    {
        var resources = await DeclaredCluster.FromAsync("""{"monitoring":{"enabled":false}}""");

        resources.One("aws:sns/topic:Topic", "critical");
        Assert.DoesNotContain(resources.Of("aws:sns/topic:Topic"), topic => topic.Name == "heartbeat");
        Assert.DoesNotContain(resources.Of("aws:cloudwatch/metricAlarm:MetricAlarm"), alarm => alarm.Name == "heartbeat-lost");
        Assert.DoesNotContain(resources.Of(ReleaseType), release => release.Name == "prometheus");
    }

    [Fact]
    public async Task Addresses_are_asked_and_the_exporter_reads_what_is_tagged_with_this_cluster()
    {
        var resources = await DeclaredCluster.FromAsync(WithSlack);

        var probe = resources.One("kubernetes:monitoring.coreos.com/v1:Probe", "probe-addresses");
        Assert.Equal("https://example.com/", probe.Text("spec.targets.staticConfig.static.0"));
        Assert.Equal("blackbox.monitoring.svc:9115", probe.Text("spec.prober.url"));
        var config = resources.One(ReleaseType, "cloudwatch-exporter").Text("values.config");
        Assert.Equal(5, config.Split("- type: AWS/").Length - 1);
        Assert.Equal(5, config.Split("value: ^ha-cluster-test$").Length - 1);
    }

    [Fact]
    public async Task Events_are_read_twice_with_the_right_to_read_events_only()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        var deployment = resources.One("kubernetes:apps/v1:Deployment", "events");
        Assert.Equal(2, Convert.ToInt32(deployment.At("spec.replicas"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(3, deployment.Map("spec.template.spec.containers.0.resources.limits").Count);
        Assert.Equal(["events"], resources.One("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "events").List("rules.0.resources"));
        var pipeline = resources.One("kubernetes:core/v1:ConfigMap", "events").Map("data")["fluent-bit.yaml"].ToString()!;
        Assert.Equal(3, pipeline.Split("/api/v2/alerts").Length - 1);
    }

    [Fact]
    public void The_quota_of_the_namespace_holds_all_of_it_on_many_nodes_and_an_update()
    {
        const int Nodes = 60;
        var (settings, _) = Configuration.Read("{}");
        var quota = settings.Namespaces.All.Single(profile => profile.Name == "monitoring").Quota;
        var prometheus = MonitoringSizes.Prometheus(settings.Monitoring.Prometheus);
        var pods = new (int Count, ContainerSize[] Containers)[]
        {
            // One more of each than runs, for an update; every pod of the operator has a reloader and an init container.
            (3, [prometheus, MonitoringSizes.Small, MonitoringSizes.Small]),
            (4, [MonitoringSizes.Alertmanager, MonitoringSizes.Small, MonitoringSizes.Small]),
            (3, [MonitoringSizes.Grafana, MonitoringSizes.GrafanaSidecar, MonitoringSizes.GrafanaSidecar]),
            (3, [MonitoringSizes.Operator, MonitoringSizes.Small]),
            (2, [MonitoringSizes.KubeStateMetrics]),
            (3, [MonitoringSizes.Blackbox]),
            (2, [MonitoringSizes.CloudWatch]),
            (2, [MonitoringSizes.EphemeralStorage]),
            (3, [MonitoringSizes.Events]),
            (Nodes, [MonitoringSizes.NodeExporter]),
        };

        decimal Sum(Func<ContainerSize, string> amount) => pods.Sum(pod => pod.Count * pod.Containers.Sum(container => Quantity.Parse(amount(container)).Value));
        Assert.True(pods.Sum(pod => pod.Count) <= quota.Pods);
        Assert.True(Sum(size => size.Cpu) <= quota.Cpu.Value);
        Assert.True(Sum(size => size.CpuLimit) <= quota.CpuLimit.Value);
        Assert.True(Sum(size => size.Memory) <= quota.Memory.Value);
        Assert.True(Sum(size => size.EphemeralStorage) <= quota.EphemeralStorage.Value);
    }

    private static async Task<RecordedResource> StackAsync(string json) => (await DeclaredCluster.FromAsync(json)).One(ReleaseType, "prometheus");

    private static JsonElement Statement(RecordedResource policy, string sid) => JsonDocument.Parse(policy.Text("policy")).RootElement.GetProperty("Statement")
        .EnumerateArray().Single(statement => statement.GetProperty("Sid").GetString() == sid);
}
