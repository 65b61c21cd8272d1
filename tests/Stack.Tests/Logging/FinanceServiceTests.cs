using System.Text.Json;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Software;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Logging;

public class FinanceServiceTests
{
    internal const string Running = """{"logging":{"finance":{"producers":"test/producers"}}}""";

    private const string Deployment = "kubernetes:apps/v1:Deployment";
    private const string Pod = "spec.template.spec";
    private const string Container = $"{Pod}.containers.0";

    [Fact]
    public async Task It_runs_over_the_zones_and_gives_up_all_rights()
    {
        var deployment = (await DeclaredCluster.FromAsync(Running)).One(Deployment, "finance-log");

        Assert.Equal("logging", deployment.Text("metadata.namespace"));
        Assert.Equal(3d, Number(deployment, "spec.replicas"));
        Assert.Equal(0d, Number(deployment, "spec.strategy.rollingUpdate.maxUnavailable"));
        Assert.Equal("topology.kubernetes.io/zone", deployment.Text($"{Pod}.topologySpreadConstraints.0.topologyKey"));
        Assert.Equal(PriorityClasses.High, deployment.Text($"{Pod}.priorityClassName"));
        Assert.Equal("finance-log", deployment.Text($"{Pod}.serviceAccountName"));
        Assert.Equal(false, deployment.At($"{Pod}.automountServiceAccountToken"));
        Assert.Equal(true, deployment.At($"{Pod}.securityContext.runAsNonRoot"));
        Assert.Equal("RuntimeDefault", deployment.Text($"{Pod}.securityContext.seccompProfile.type"));
        Assert.Equal(true, deployment.At($"{Container}.securityContext.readOnlyRootFilesystem"));
        Assert.Equal(false, deployment.At($"{Container}.securityContext.allowPrivilegeEscalation"));
        Assert.Equal("ALL", deployment.Text($"{Container}.securityContext.capabilities.drop.0"));
        foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
            Assert.NotEmpty((string)deployment.Map($"{Container}.resources.limits")[resource]);
    }

    [Fact]
    public async Task It_stores_in_the_archive_and_signs_with_its_key()
    {
        var resources = await DeclaredCluster.FromAsync(Running);

        var arguments = Arguments(resources.One(Deployment, "finance-log"));
        Assert.Equal($"s3://{resources.One("aws:s3/bucket:Bucket", "finance-log").Text("bucket")}", arguments["--archive"]);
        Assert.StartsWith("kms:arn:", arguments["--key"], StringComparison.Ordinal);
        Assert.EndsWith("/finance-signing", arguments["--key"], StringComparison.Ordinal);
        Assert.Equal("0.0.0.0:8443", arguments["--listen"]);
    }

    [Fact]
    public async Task Its_arguments_name_files_and_folders_that_are_mounted()
    {
        var resources = await DeclaredCluster.FromAsync(Running);
        var deployment = resources.One(Deployment, "finance-log");
        var mounts = deployment.List($"{Container}.volumeMounts").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(mount => (string)mount["mountPath"]);
        var volumes = deployment.List($"{Pod}.volumes").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(volume => (string)volume["name"]);
        var arguments = Arguments(deployment);

        foreach (var (option, secret) in new[] { ("--certificate", "finance-log-tls"), ("--certificate-key", "finance-log-tls"), ("--producers", "finance-log-producers") })
        {
            var mount = mounts[Path.GetDirectoryName(arguments[option])!];
            Assert.Equal(true, mount["readOnly"]);
            Assert.Equal(secret, ((IReadOnlyDictionary<string, object>)volumes[(string)mount["name"]]["secret"])["secretName"]);
        }

        // The one place that it writes to.
        Assert.True(volumes[(string)mounts[arguments["--data"]]["name"]].ContainsKey("emptyDir"));
        Assert.Equal("finance-log-tls", resources.One("kubernetes:cert-manager.io/v1:Certificate", "finance-log-tls").Text("spec.secretName"));
        Assert.Equal("producers.json", Path.GetFileName(arguments["--producers"]));
    }

    [Fact]
    public async Task The_secret_with_the_producers_is_delivered_file_by_file()
    {
        var secret = (await DeclaredCluster.FromAsync(Running)).One("kubernetes:external-secrets.io/v1:ExternalSecret", "finance-log-producers");

        Assert.Equal("test/producers", secret.At("spec.dataFrom.0.extract.key"));
        // A template would drop the schemas, whose names nobody knows beforehand.
        Assert.Null(secret.At("spec.target.template"));
        Assert.Equal("Retain", secret.At("spec.target.deletionPolicy"));
    }

    [Fact]
    public async Task Producers_Prometheus_and_the_kubelet_call_it_by_TLS_where_it_listens()
    {
        var resources = await DeclaredCluster.FromAsync("""{"logging":{"finance":{"producers":"test/producers","port":9443,"serviceAccount":"ledger-log"}}}""");
        var deployment = resources.One(Deployment, "finance-log");
        var service = resources.One("kubernetes:core/v1:Service", "finance-log");
        var monitor = resources.One("kubernetes:monitoring.coreos.com/v1:PodMonitor", "finance-log-pods");
        var hosts = resources.One("kubernetes:cert-manager.io/v1:Certificate", "finance-log-tls").List("spec.dnsNames");

        var labels = deployment.Map("spec.template.metadata.labels");
        Assert.Equal(labels, service.Map("spec.selector"));
        Assert.Equal(labels, monitor.Map("spec.selector.matchLabels"));
        Assert.Equal(labels, resources.One("kubernetes:policy/v1:PodDisruptionBudget", "finance-log").Map("spec.selector.matchLabels"));
        Assert.Equal("ledger-log", labels["app.kubernetes.io/name"]);
        Assert.Equal((9443d, "https"), (Number(service, "spec.ports.0.port"), service.Text("spec.ports.0.targetPort")));
        Assert.Equal(("https", 9443d), (deployment.Text($"{Container}.ports.0.name"), Number(deployment, $"{Container}.ports.0.containerPort")));
        Assert.Equal("0.0.0.0:9443", Arguments(deployment)["--listen"]);
        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
            Assert.Equal(("HTTPS", "https"), (deployment.Text($"{Container}.{probe}.httpGet.scheme"), deployment.Text($"{Container}.{probe}.httpGet.port")));
        Assert.Equal(("https", "https"), (monitor.Text("spec.podMetricsEndpoints.0.scheme"), monitor.Text("spec.podMetricsEndpoints.0.port")));
        Assert.Contains(monitor.Text("spec.podMetricsEndpoints.0.tlsConfig.serverName"), hosts);
        Assert.Equal("finance-log-tls", monitor.Text("spec.podMetricsEndpoints.0.tlsConfig.ca.secret.name"));
    }

    [Theory]
    [InlineData("", "123456789012.dkr.ecr.eu-central-1.test.example/ha-cluster-test/ledger:" + Pins.LedgerVersion)]
    [InlineData(""","image":"registry.example/ledger@sha256:1111111111111111111111111111111111111111111111111111111111111111" """, "registry.example/ledger@sha256:1111111111111111111111111111111111111111111111111111111111111111")]
    public async Task Its_image_is_the_accounts_own_or_the_one_of_the_settings(string more, string image)
    {
        var deployment = (await DeclaredCluster.FromAsync($$$$"""{"logging":{"finance":{"producers":"test/producers"{{{{more}}}}}}}""")).One(Deployment, "finance-log");

        Assert.Equal(image, deployment.Text($"{Container}.image"));
    }

    [Fact]
    public async Task It_does_not_run_without_producers()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.DoesNotContain(resources.Of(Deployment), each => each.Name == "finance-log");
        Assert.Single(resources.Of("aws:s3/bucket:Bucket"), each => each.Name == "finance-log");
    }

    [Fact]
    public async Task Only_the_role_of_the_service_signs_and_nobody_deletes_the_key()
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var key = resources.One("aws:kms/key:Key", "finance-signing");
        var role = resources.One("aws:iam/role:Role", "finance-log").Text("name");

        Assert.Equal(("ECC_NIST_P256", "SIGN_VERIFY"), (key.Text("customerMasterKeySpec"), key.Text("keyUsage")));
        var sign = Refusal(key, "kms:Sign");
        Assert.Equal($"arn:aws-test:iam::123456789012:role/{role}", sign.GetProperty("Condition").GetProperty("ArnNotEquals").GetProperty("aws:PrincipalArn").GetString());
        Assert.False(Refusal(key, "kms:ScheduleKeyDeletion").TryGetProperty("Condition", out _));

        var allowed = JsonDocument.Parse(resources.One("aws:iam/rolePolicy:RolePolicy", "finance-log").Text("policy")).RootElement.GetProperty("Statement").EnumerateArray()
            .Single(statement => statement.GetProperty("Sid").GetString() == "SignCheckpoints");
        Assert.Equal(["kms:Sign", "kms:GetPublicKey"], allowed.GetProperty("Action").EnumerateArray().Select(action => action.GetString()));
        Assert.EndsWith("/finance-signing", allowed.GetProperty("Resource").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_of_the_settings_may_delete_the_key_and_no_other()
    {
        const string Admin = "arn:aws:iam::123456789012:role/key-admin";
        var key = (await DeclaredCluster.FromAsync($$$$"""{"logging":{"finance":{"keyAdmins":["{{{{Admin}}}}"]}}}""")).One("aws:kms/key:Key", "finance-signing");

        Assert.Equal(Admin, Refusal(key, "kms:ScheduleKeyDeletion").GetProperty("Condition").GetProperty("ArnNotEquals").GetProperty("aws:PrincipalArn").GetString());
    }

    private static JsonElement Refusal(RecordedResource key, string action)
    {
        var refusal = Assert.Single(
            JsonDocument.Parse(key.Text("policy")).RootElement.GetProperty("Statement").EnumerateArray(),
            statement => statement.GetProperty("Action").ValueKind == JsonValueKind.String && statement.GetProperty("Action").GetString() == action);
        Assert.Equal("Deny", refusal.GetProperty("Effect").GetString());
        Assert.Equal("*", refusal.GetProperty("Principal").GetProperty("AWS").GetString());
        return refusal;
    }

    private static Dictionary<string, string> Arguments(RecordedResource deployment) => deployment.List($"{Container}.args")
        .Select(argument => ((string)argument).Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "");

    private static double Number(RecordedResource resource, string path) => Convert.ToDouble(resource.At(path), System.Globalization.CultureInfo.InvariantCulture);
}
