using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Chains;

public class ChainFirewallTests
{
    private const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

    [Fact]
    public async Task The_namespace_is_closed_to_itself_and_every_way_in_names_its_pods_and_ports()
    {
        var policies = (await DeclaredCluster.FromAsync("{}")).Of(NetworkPolicy).Where(policy => Equals(policy.At("metadata.namespace"), "chains")).ToArray();

        var open = policies.Where(policy => policy.List("spec.policyTypes").Contains("Ingress") && policy.At("spec.ingress") is not null).ToArray();
        Assert.NotEmpty(open);
        Assert.All(open, policy =>
        {
            Assert.NotEmpty(policy.Map("spec.podSelector.matchLabels"));
            Assert.NotEmpty(policy.List("spec.ingress.0.ports"));
            Assert.NotEmpty(policy.List("spec.ingress.0.from"));
        });
        Assert.DoesNotContain(policies, policy => policy.Name is "chains-allow-namespace-in" or "chains-allow-namespace-out" or "chains-allow-monitoring" or "chains-allow-platform");
        Assert.Contains(policies, policy => policy.Name == "chains-default-deny");
    }

    [Theory]
    [InlineData("payments", "front", 8443, true)]
    [InlineData("payments", "node", 8545, false)]
    [InlineData("payments", "node", 8334, false)]
    [InlineData("monitoring", "node", 8545, false)]
    [InlineData("monitoring", "node", 9800, true)]
    [InlineData("monitoring", "node", 6060, true)]
    [InlineData("monitoring", "node", 9001, true)]
    [InlineData("monitoring", "node", 5054, true)]
    [InlineData("monitoring", "front", 8405, true)]
    [InlineData("monitoring", "front", 8443, false)]
    [InlineData("platform", "front", 8443, false)]
    public async Task Only_callers_get_through(string from, string role, int port, bool passes)
    {
        var policies = (await DeclaredCluster.FromAsync("{}")).Of(NetworkPolicy).Where(policy => Equals(policy.At("metadata.namespace"), "chains"));

        Assert.Equal(passes, policies.Any(policy =>
            policy.At("spec.ingress.0.from.0.namespaceSelector.matchLabels") is IReadOnlyDictionary<string, object> space
            && Equals(space["kubernetes.io/metadata.name"], from)
            && Equals(policy.Map("spec.podSelector.matchLabels")["ha-cluster/role"], role)
            && policy.List("spec.ingress.0.ports").Cast<IReadOnlyDictionary<string, object>>().Any(open => Convert.ToInt32(open["port"], System.Globalization.CultureInfo.InvariantCulture) == port)));
    }

    [Fact]
    public async Task The_engine_api_is_in_no_policy_and_nothing_comes_in_from_the_internet()
    {
        var policies = (await DeclaredCluster.FromAsync("{}")).Of(NetworkPolicy).Where(policy => Equals(policy.At("metadata.namespace"), "chains")).ToArray();

        Assert.DoesNotContain(policies, policy => policy.At("spec.ingress.0.from.0.ipBlock") is not null);
        Assert.DoesNotContain(policies.Where(policy => policy.At("spec.ingress.0.ports") is not null).SelectMany(policy => policy.List("spec.ingress.0.ports")), port =>
            Convert.ToInt32(((IReadOnlyDictionary<string, object>)port)["port"], System.Globalization.CultureInfo.InvariantCulture) == 8551);
    }

    [Theory]
    [InlineData("bitcoin", "chains", "ha-cluster/role=front", 8334, 9800)]
    [InlineData("ethereum", "chains", "ha-cluster/role=front", 8545, 9800)]
    public async Task A_front_reaches_its_own_nodes_and_is_let_in_there(string chain, string space, string label, int rpc, int sentinel)
    {
        var resources = await DeclaredCluster.FromAsync("{}");
        var outward = resources.One(NetworkPolicy, $"{chain}-front-to-nodes-out");
        var inward = resources.One(NetworkPolicy, $"{chain}-front-to-nodes-in");

        Assert.Equal(space, outward.At("metadata.namespace"));
        Assert.Equal(label.Split('=')[1], outward.Map("spec.podSelector.matchLabels")["ha-cluster/role"]);
        Assert.Equal(chain, inward.Map("spec.ingress.0.from.0.podSelector.matchLabels")["ha-cluster/chain"]);
        Assert.Equal([rpc, sentinel], Numbers(outward.List("spec.egress.0.ports")));
        Assert.Equal([rpc, sentinel], Numbers(inward.List("spec.ingress.0.ports")));

        var payments = resources.One(NetworkPolicy, $"payments-to-{chain}-front");
        Assert.Equal("payments", payments.At("metadata.namespace"));
        Assert.Equal([8443], Numbers(payments.List("spec.egress.0.ports")));
    }

    private static IEnumerable<int> Numbers(IEnumerable<object> ports) =>
        ports.Select(port => Convert.ToInt32(((IReadOnlyDictionary<string, object>)port)["port"], System.Globalization.CultureInfo.InvariantCulture));
}
