using System.Text.Json;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Graph;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Payments;

/// <summary>The payments service as a producer of the finance log.</summary>
public class PaymentsFinanceLogTests
{
    private const string Deployment = "kubernetes:apps/v1:Deployment";
    private const string ConfigMap = "kubernetes:core/v1:ConfigMap";
    private const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    private const string Pod = "spec.template.spec";
    private const string Container = $"{Pod}.containers.0";

    [Fact]
    public async Task It_is_known_by_its_certificate_and_may_write_to_one_stream()
    {
        var resources = await DeclaredCluster.FromAsync(PaymentsTests.With("\"financeLog\":{\"stream\":\"payments-2\"}"));
        var service = Arguments(resources, "payments");
        var log = Arguments(resources, "finance-log");
        var producer = Assert.Single(JsonDocument.Parse((string)resources.One(ConfigMap, "finance-log-cluster-producers").Map("data")["producers.json"]).RootElement.GetProperty("producers").EnumerateArray());

        // No token that could be read anywhere, and no right to read.
        Assert.Equal(["name", "certificate", "streams"], producer.EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain("--ledger-token-file", service.Select(argument => argument.Key));
        var own = resources.One("kubernetes:cert-manager.io/v1:Certificate", "payments-tls");
        Assert.Contains(producer.GetProperty("certificate").GetProperty("dns").GetString(), own.List("spec.dnsNames"));
        Assert.Contains("client auth", own.List("spec.usages"));
        Assert.Equal(["payments-2"], producer.GetProperty("streams").EnumerateArray().Select(stream => stream.GetString()));
        Assert.Equal("payments-2", service["--ledger-stream"].Single());
        // Both trust the cluster's own authority.
        Assert.Equal("/etc/payments/tls/ca.crt", service["--ledger-ca"].Single());
        Assert.Equal("/etc/ledger/tls/ca.crt", log["--client-ca"].Single());
    }

    [Fact]
    public async Task It_reaches_the_log_by_a_name_in_its_certificate_through_both_firewalls()
    {
        var resources = await DeclaredCluster.FromAsync(PaymentsTests.With("\"replicas\":3").Replace("{\"databases\"", "{\"logging\":{\"finance\":{\"port\":9443}},\"databases\"", StringComparison.Ordinal));
        var address = new Uri(Arguments(resources, "payments")["--ledger"].Single());
        var (door, way) = (resources.One(NetworkPolicy, "finance-log-producers"), resources.One(NetworkPolicy, "payments-to-finance-log"));

        Assert.Equal(("https", 9443), (address.Scheme, address.Port));
        Assert.Contains(address.Host, resources.One("kubernetes:cert-manager.io/v1:Certificate", "finance-log-tls").List("spec.dnsNames"));
        Assert.Equal(("finance-log", "logging"), (address.Host.Split('.')[0], address.Host.Split('.')[1]));
        Assert.Equal(9443d, door.At("spec.ingress.0.ports.0.port"));
        Assert.Equal(9443d, way.At("spec.egress.0.ports.0.port"));
        Assert.Equal("payments", door.Map("spec.ingress.0.from.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]);
        Assert.Equal(("payments", "logging"), (way.Text("metadata.namespace"), (string)way.Map("spec.egress.0.to.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]));
        var labels = resources.One(Deployment, "finance-log").Map("spec.template.metadata.labels");
        Assert.Equal(labels, door.Map("spec.podSelector.matchLabels"));
        Assert.Equal(labels, way.Map("spec.egress.0.to.0.podSelector.matchLabels"));
    }

    [Theory]
    [InlineData("""{"logging":{"finance":{"producers":"test/producers"}},"payments":{}}""", "finance-log-producers")]
    [InlineData("""{"logging":{"finance":{"producers":"test/producers"}},"databases":{"postgresql":{"namespaces":["payments","signing"]}},"payments":{"enabled":true,"signer":{"keys":"test/keys"}}}""", "finance-log-producers", "finance-log-cluster-producers")]
    [InlineData(PaymentsTests.Running, "finance-log-cluster-producers")]
    public async Task The_log_reads_the_producers_of_users_and_of_the_stack(string settings, params string[] sources)
    {
        var deployment = (await DeclaredCluster.FromAsync(settings)).One(Deployment, "finance-log");
        var mounts = deployment.List($"{Container}.volumeMounts").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(mount => (string)mount["mountPath"]);
        var volumes = deployment.List($"{Pod}.volumes").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(volume => (string)volume["name"]);

        Assert.Equal(sources, deployment.List($"{Container}.args").Cast<string>().Where(argument => argument.StartsWith("--producers=", StringComparison.Ordinal)).Select(argument =>
        {
            Assert.Equal("producers.json", Path.GetFileName(argument));
            var mount = mounts[Path.GetDirectoryName(argument.Split('=')[1])!];
            Assert.Equal(true, mount["readOnly"]);
            var volume = volumes[(string)mount["name"]];
            return (string)(volume.TryGetValue("secret", out var secret) ? ((IReadOnlyDictionary<string, object>)secret)["secretName"] : ((IReadOnlyDictionary<string, object>)volume["configMap"])["name"]);
        }));
    }

    [Theory]
    [InlineData("""{"databases":{"postgresql":{"namespaces":["payments","signing"]}},"payments":{"enabled":true,"signer":{"keys":"test/keys"},"financeLog":{"enabled":false}}}""")]
    [InlineData("""{"logging":{"enabled":false},"databases":{"postgresql":{"namespaces":["payments","signing"]}},"payments":{"enabled":true,"signer":{"keys":"test/keys"}}}""")]
    public async Task Without_a_log_nothing_is_delivered_and_that_is_said(string settings)
    {
        var resources = await DeclaredCluster.FromAsync(settings);

        Assert.DoesNotContain(Arguments(resources, "payments"), argument => argument.Key.StartsWith("--ledger", StringComparison.Ordinal));
        Assert.DoesNotContain(resources.Of(ConfigMap), each => each.Name == "finance-log-cluster-producers");
        Assert.DoesNotContain(resources.Of(Deployment), each => each.Name == "finance-log");
        Assert.Contains(Notices.For(Configuration.Read(settings).Settings), notice => notice.StartsWith("ha-cluster:payments.financeLog.enabled is false; events of payments are only in their database", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(PaymentsTests.Running, "ha-cluster:logging.finance.producers is empty; the finance log takes the events of payments only, and nobody may read them: make tokens")]
    [InlineData("{}", "ha-cluster:logging.finance.producers is empty; the finance-log service is not run: make tokens")]
    public void A_log_without_producers_of_the_users_is_mentioned(string settings, string notice) =>
        Assert.Contains(Notices.For(Configuration.Read(settings).Settings), each => each.StartsWith(notice, StringComparison.Ordinal));

    private static ILookup<string, string> Arguments(IEnumerable<RecordedResource> resources, string deployment) => resources.Single(each => each.Type == Deployment && each.Name == deployment)
        .List($"{Container}.args").Select(argument => ((string)argument).Split('=', 2)).ToLookup(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "");
}
