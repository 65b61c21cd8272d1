using System.Text.Json;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Software;
using HaCluster.Stack.Tests.Graph;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Payments;

public class PaymentsTests
{
    internal const string Running =
        """{"databases":{"postgresql":{"namespaces":["payments","signing"]}},"payments":{"enabled":true,"signer":{"keys":"test/keys"}}}""";

    private const string Token = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
    private const string Deployment = "kubernetes:apps/v1:Deployment";
    private const string NetworkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    private const string Pod = "spec.template.spec";
    private const string Container = $"{Pod}.containers.0";

    [Theory]
    [InlineData("payments", "payments", 3)]
    [InlineData("payments-signer", "signing", 2)]
    public async Task Both_run_over_the_zones_and_give_up_all_rights(string name, string space, int replicas)
    {
        var resources = await DeclaredCluster.FromAsync(Running);
        var deployment = resources.One(Deployment, name);

        Assert.Equal(space, deployment.Text("metadata.namespace"));
        Assert.Equal(replicas, Number(deployment, "spec.replicas"));
        Assert.Equal(0d, Number(deployment, "spec.strategy.rollingUpdate.maxUnavailable"));
        Assert.Equal("topology.kubernetes.io/zone", deployment.Text($"{Pod}.topologySpreadConstraints.0.topologyKey"));
        Assert.Equal(PriorityClasses.Critical, deployment.Text($"{Pod}.priorityClassName"));
        Assert.Equal(false, deployment.At($"{Pod}.automountServiceAccountToken"));
        Assert.Equal(true, deployment.At($"{Pod}.securityContext.runAsNonRoot"));
        foreach (var container in name == "payments" ? new[] { Container, $"{Pod}.initContainers.0" } : [Container])
        {
            Assert.Equal(true, deployment.At($"{container}.securityContext.readOnlyRootFilesystem"));
            Assert.Equal(false, deployment.At($"{container}.securityContext.allowPrivilegeEscalation"));
            Assert.Equal("ALL", deployment.Text($"{container}.securityContext.capabilities.drop.0"));
            foreach (var resource in new[] { "cpu", "memory", "ephemeral-storage" })
                Assert.NotEmpty((string)deployment.Map($"{container}.resources.limits")[resource]);
        }

        var labels = deployment.Map("spec.template.metadata.labels");
        Assert.Equal(labels, resources.One("kubernetes:policy/v1:PodDisruptionBudget", name).Map("spec.selector.matchLabels"));
        Assert.Equal(labels, resources.One("kubernetes:core/v1:Service", name).Map("spec.selector"));
        Assert.Equal($"123456789012.dkr.ecr.eu-central-1.test.example/ha-cluster-test/payments:{Pins.PaymentsVersion}", deployment.Text($"{Container}.image"));
    }

    [Theory]
    [InlineData("payments")]
    [InlineData("payments-signer")]
    public async Task Arguments_name_files_and_folders_that_are_mounted(string name)
    {
        var deployment = (await DeclaredCluster.FromAsync(Running)).One(Deployment, name);
        var mounts = deployment.List($"{Container}.volumeMounts").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(mount => (string)mount["mountPath"]);
        var volumes = deployment.List($"{Pod}.volumes").Cast<IReadOnlyDictionary<string, object>>().ToDictionary(volume => (string)volume["name"]);

        foreach (var (option, value) in Arguments(deployment).Where(argument => argument.Value.StartsWith('/')))
        {
            var isFolder = option == "--data";
            var mount = mounts[isFolder ? value : Path.GetDirectoryName(value)!];
            Assert.Equal(isFolder ? null : true, mount.GetValueOrDefault("readOnly"));
            Assert.Contains(isFolder ? "emptyDir" : "secret", volumes[(string)mount["name"]].Keys);
        }
    }

    [Fact]
    public async Task The_service_asks_the_signer_by_a_name_that_both_certificates_have()
    {
        var resources = await DeclaredCluster.FromAsync(Running);
        var service = Arguments(resources.One(Deployment, "payments"));
        var signer = Arguments(resources.One(Deployment, "payments-signer"));
        var (client, server) = (Certificate("payments-tls"), Certificate("payments-signer-tls"));

        var address = new Uri(service["--signer"]);
        Assert.Contains(address.Host, server.List("spec.dnsNames"));
        Assert.Equal(signer["--listen"].Split(':')[1], $"{address.Port}");
        Assert.Contains(signer["--client-name"], client.List("spec.dnsNames"));
        Assert.Equal(["digital signature", "server auth", "client auth"], client.List("spec.usages"));
        Assert.Equal(["digital signature", "server auth"], server.List("spec.usages"));
        foreach (var option in new[] { "--network", "--ethereum-chain" })
            Assert.Equal(service[option], signer[option]);
        Assert.Equal(("main", "1"), (service["--network"], service["--ethereum-chain"]));
        Assert.Equal(("https://bitcoin-rpc.chains.svc:8334", "https://ethereum-rpc.chains.svc:8545"), (service["--bitcoin"], service["--ethereum"]));

        RecordedResource Certificate(string name) => resources.One("kubernetes:cert-manager.io/v1:Certificate", name);
    }

    [Fact]
    public async Task Each_has_a_user_of_the_database_of_its_own()
    {
        var resources = await DeclaredCluster.FromAsync(Running);

        foreach (var (name, space) in new[] { ("payments", "payments"), ("payments-signer", "signing") })
        {
            var arguments = Arguments(resources.One(Deployment, name));
            var secret = resources.One("kubernetes:external-secrets.io/v1:ExternalSecret", $"{space}-postgresql");
            Assert.Equal(space, secret.Text("metadata.namespace"));
            Assert.Contains(Path.GetFileName(arguments["--database"]), secret.Map("spec.target.template.data").Keys);
        }
    }

    [Fact]
    public async Task Only_the_role_of_the_signer_signs_and_nobody_deletes_the_key()
    {
        var resources = await DeclaredCluster.FromAsync(Running);
        var key = resources.One("aws:kms/key:Key", "payments-ethereum");
        var role = resources.One("aws:iam/role:Role", "payments-signer").Text("name");

        Assert.Equal(("ECC_SECG_P256K1", "SIGN_VERIFY"), (key.Text("customerMasterKeySpec"), key.Text("keyUsage")));
        Assert.Equal($"arn:aws-test:iam::123456789012:role/{role}", Refusal(key, "kms:Sign").GetProperty("Condition").GetProperty("ArnNotEquals").GetProperty("aws:PrincipalArn").GetString());
        Assert.False(Refusal(key, "kms:ScheduleKeyDeletion").TryGetProperty("Condition", out _));

        var allowed = JsonDocument.Parse(resources.One("aws:iam/rolePolicy:RolePolicy", "payments-signer").Text("policy")).RootElement.GetProperty("Statement").EnumerateArray().Single();
        Assert.Equal(["kms:Sign", "kms:GetPublicKey"], allowed.GetProperty("Action").EnumerateArray().Select(action => action.GetString()));
        Assert.EndsWith("/payments-ethereum", allowed.GetProperty("Resource").GetString(), StringComparison.Ordinal);
        var binding = Assert.Single(resources.Of("aws:eks/podIdentityAssociation:PodIdentityAssociation"), each => each.Name == "payments-signer");
        Assert.Equal(("signing", "payments-signer"), (binding.Text("namespace"), binding.Text("serviceAccount")));
        // The service itself is nobody to AWS.
        Assert.DoesNotContain(resources.Of("aws:eks/podIdentityAssociation:PodIdentityAssociation"), each => each.Text("namespace") == "payments");
    }

    [Fact]
    public async Task The_signer_is_reached_by_the_pods_of_the_service_and_nobody_else()
    {
        var resources = await DeclaredCluster.FromAsync(Running);
        var signer = resources.One(Deployment, "payments-signer");
        var service = resources.One(Deployment, "payments");

        // Not even by pods of its own namespace.
        var door = Assert.Single(resources.Of(NetworkPolicy), policy => policy.Text("metadata.namespace") == "signing" && policy.At("spec.ingress") is not null);
        Assert.Equal(signer.Map("spec.template.metadata.labels"), door.Map("spec.podSelector.matchLabels"));
        Assert.Single(door.List("spec.ingress"));
        Assert.Single(door.List("spec.ingress.0.from"));
        Assert.Equal("payments", door.Map("spec.ingress.0.from.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]);
        Assert.Equal(service.Map("spec.template.metadata.labels"), door.Map("spec.ingress.0.from.0.podSelector.matchLabels"));
        Assert.Equal(8443d, Number(door, "spec.ingress.0.ports.0.port"));

        var way = resources.One(NetworkPolicy, "payments-to-signer-out");
        Assert.Equal(("payments", "signing"), (way.Text("metadata.namespace"), (string)way.Map("spec.egress.0.to.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]));
    }

    [Fact]
    public async Task Namespaces_of_the_settings_reach_the_service_and_others_do_not()
    {
        var resources = await DeclaredCluster.FromAsync(
            """{"namespaces":{"shop":{},"blog":{}},"databases":{"postgresql":{"namespaces":["payments","signing"]}},"payments":{"enabled":true,"clients":["shop"],"signer":{"keys":"test/keys"}}}""");

        var door = resources.One(NetworkPolicy, "shop-to-payments");
        Assert.Equal("shop", door.Map("spec.ingress.0.from.0.namespaceSelector.matchLabels")["kubernetes.io/metadata.name"]);
        Assert.Equal(resources.One(Deployment, "payments").Map("spec.template.metadata.labels"), door.Map("spec.podSelector.matchLabels"));
        Assert.Equal("shop", resources.One(NetworkPolicy, "shop-to-payments-out").Text("metadata.namespace"));
        Assert.DoesNotContain(resources.Of(NetworkPolicy), policy => policy.Name.StartsWith("blog-to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_key_of_the_API_is_made_in_the_cluster_and_is_there_before_the_service_starts()
    {
        var resources = await DeclaredCluster.FromAsync(Running);
        var deployment = resources.One(Deployment, "payments");
        var secret = resources.One("kubernetes:external-secrets.io/v1:ExternalSecret", "payments-operator");
        var first = deployment.List($"{Pod}.initContainers.0.args").Cast<string>().ToList();

        Assert.Equal("CreatedOnce", secret.Text("spec.refreshPolicy"));
        Assert.Equal(["key", "add", "operator", "view", "admin"], first[..5]);
        Assert.Equal("key", Path.GetFileName(first.Single(argument => argument.StartsWith("--key-file=", StringComparison.Ordinal))));
        Assert.Equal("hap_{{ .password }}", secret.Map("spec.target.template.data")["key"]);
        // Only the init container has it.
        Assert.DoesNotContain(deployment.List($"{Container}.volumeMounts").Cast<IReadOnlyDictionary<string, object>>(), mount => (string)mount["name"] == "operator");
    }

    [Fact]
    public async Task The_keys_that_seal_secrets_are_made_in_the_cluster_and_only_the_service_has_them()
    {
        var resources = await DeclaredCluster.FromAsync(Running);
        var deployment = resources.One(Deployment, "payments");
        var secret = resources.One("kubernetes:external-secrets.io/v1:ExternalSecret", "payments-seal");

        Assert.Equal("CreatedOnce", secret.Text("spec.refreshPolicy"));
        Assert.Equal("{{ .password }}", secret.Map("spec.target.template.data")[Path.GetFileName(Arguments(deployment)["--seal-key"])]);
        Assert.DoesNotContain(deployment.List($"{Pod}.initContainers.0.volumeMounts").Cast<IReadOnlyDictionary<string, object>>(), mount => (string)mount["name"] == "seal");
        // The service reads no key that everybody in the pod could.
        var volume = deployment.List($"{Pod}.volumes").Cast<IReadOnlyDictionary<string, object>>().Single(each => (string)each["name"] == "seal");
        Assert.Equal(0b100_100_000, Convert.ToInt32(((IReadOnlyDictionary<string, object>)volume["secret"])["defaultMode"], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Nothing_of_it_is_there_unless_it_is_asked_for()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.DoesNotContain(resources, resource => resource.Name.StartsWith("payments-signer", StringComparison.Ordinal) || resource.Name == "payments-ethereum");
        Assert.DoesNotContain(resources.Of(Deployment), each => each.Name == "payments");
    }

    [Fact]
    public async Task Deposits_of_the_settings_are_watched_as_they_say()
    {
        var resources = await DeclaredCluster.FromAsync(With($$$"""
            "deposits":{"tokens":["{{{Token}}}","0xdac17f958d2ee523a2206206994597c13d831ec7"],"confirmations":{"bitcoin":"1:100000,6","ethereum":"finalized","ethereum/{{{Token}}}":"12:1000000,finalized"},"ignoreBelow":{"bitcoin":"1000"}}
            """));

        Assert.Equal(
            [
                $"--token={Token}", "--token=0xdac17f958d2ee523a2206206994597c13d831ec7", "--confirmations=bitcoin=1:100000,6", "--confirmations=ethereum=finalized",
                $"--confirmations=ethereum/{Token}=12:1000000,finalized", "--ignore-below=bitcoin=1000",
            ],
            resources.One(Deployment, "payments").List($"{Container}.args").Cast<string>().Where(argument => argument.Split('=')[0] is "--token" or "--confirmations" or "--ignore-below"));
    }

    [Theory]
    [InlineData("""{"payments":{"enabled":true}}""", "ha-cluster:payments.signer.keys is empty, but ha-cluster:payments.enabled is true: store keys.json in AWS Secrets Manager")]
    [InlineData("""{"payments":{"signer":{"keys":"no name!"}}}""", "ha-cluster:payments.signer.keys is \"no name!\"")]
    [InlineData("""{"payments":{"enabled":true,"signer":{"keys":"a/b"}}}""", "ha-cluster:payments.enabled is true, but signing would have no user of the database: add signing to ha-cluster:databases.postgresql.namespaces")]
    [InlineData("""{"databases":{"enabled":false},"payments":{"enabled":true,"signer":{"keys":"a/b"}}}""", "ha-cluster:payments.enabled is true, but there is no PostgreSQL: enable ha-cluster:databases.postgresql")]
    [InlineData("""{"chains":{"bitcoin":{"network":"signet"}},"payments":{"enabled":true,"signer":{"keys":"a/b"}}}""", "bitcoin.network is signet, which the service does not know: choose mainnet, testnet or regtest there")]
    [InlineData("""{"payments":{"enabled":true,"clients":["shop"],"signer":{"keys":"a/b"}}}""", "ha-cluster:payments.clients[0] is \"shop\"; the cluster has no such namespace")]
    [InlineData("""{"payments":{"enabled":true,"clients":["payments"],"signer":{"keys":"a/b"}}}""", "clients[0] is \"payments\"; pods of this namespace may call the service already")]
    [InlineData("""{"payments":{"enabled":true,"clients":["signing"],"signer":{"keys":"a/b"}}}""", "clients[0] is \"signing\"; this namespace is closed")]
    [InlineData("""{"payments":{"replicas":1}}""", "ha-cluster:payments.replicas is 1; with a single replica, every update and every lost node stops payments")]
    [InlineData("""{"logging":{"enabled":false},"payments":{"enabled":true,"signer":{"keys":"a/b"},"financeLog":{"enabled":true}}}""", "ha-cluster:payments.financeLog.enabled is true, but there is no finance log, since ha-cluster:logging.enabled is false: enable it, or set this to false")]
    [InlineData("""{"payments":{"financeLog":{"stream":"Payments"}}}""", "ha-cluster:payments.financeLog.stream is \"Payments\"; write 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit")]
    [InlineData("""{"payments":{"financeLog":{"stream":"audit"}}}""", "ha-cluster:payments.financeLog.stream is \"audit\"; the finance log writes this stream itself: choose another name")]
    [InlineData("""{"chains":{"ethereum":{"enabled":false}},"payments":{"enabled":true,"signer":{"keys":"a/b"},"deposits":{"tokens":["0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"]}}}""", "ha-cluster:payments.deposits.tokens has tokens, but the cluster has no Ethereum nodes")]
    public void What_does_not_fit_is_said_with_what_to_do(string settings, string message) =>
        Assert.Contains(Configuration.Read(settings).Problems, problem => problem.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"tokens":["0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB49"]}""", "tokens[0] is \"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB49\"; its checksum is wrong, so a digit is: copy the address again, or write all of it in lower case if you are sure")]
    [InlineData("""{"tokens":["usdc"]}""", "tokens[0] is \"usdc\"; write the address of a contract, 0x and 40 hexadecimal digits, all in lower case or with the right checksum (EIP-55)")]
    [InlineData("""{"tokens":["0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48","0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"]}""", "tokens has 0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48 twice, in two spellings: remove one")]
    [InlineData("""{"confirmations":{"bitcoin":"1:100000"}}""", "confirmations.bitcoin is \"1:100000\"; it ends with an amount; end with the number of blocks for all that is larger, as in 1:100000,3:10000000,6")]
    [InlineData("""{"confirmations":{"bitcoin":"1:100000,3:5,6"}}""", "confirmations.bitcoin is \"1:100000,3:5,6\"; its amounts are not in ascending order; write them as in 1:100000,3:10000000,6")]
    [InlineData("""{"confirmations":{"bitcoin":"finalized"}}""", "confirmations.bitcoin is \"finalized\"; 'finalized' is not a number of blocks; write 1 to 1000")]
    [InlineData("""{"confirmations":{"ethereum":"1001"}}""", "confirmations.ethereum is \"1001\"; '1001' is not a number of blocks; write 1 to 1000, or finalized")]
    [InlineData("""{"confirmations":{"bitcoin":"six"}}""", "confirmations.bitcoin is \"six\"; write a number of blocks, or blocks with the amounts up to which they are enough, such as 1:100000,3:10000000,6")]
    [InlineData("""{"confirmations":{"bitcoin":6}}""", "confirmations.bitcoin is 6; write it in quotes")]
    [InlineData("""{"confirmations":{"litecoin":"6"}}""", "confirmations.litecoin is for no asset that the service knows: write bitcoin, ethereum, or ethereum/ADDRESS of a token, 0x and 40 hexadecimal digits")]
    [InlineData("""{"ignoreBelow":{"ethereum/0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48":"5"}}""", "is for a token that is not watched: add 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48 to ha-cluster:payments.deposits.tokens")]
    [InlineData("""{"ignoreBelow":{"bitcoin":"0.001"}}""", "ignoreBelow.bitcoin is \"0.001\"; write a string of digits in base units (satoshi, wei), from 1 to 2^256 - 1, without sign, point or leading zeros")]
    [InlineData("""{"ignoreBelow":{"ethereum":"200000000000000000000000000000000000000000000000000000000000000000000000000000"}}""", "; write a string of digits in base units (satoshi, wei), from 1 to 2^256 - 1")]
    [InlineData("""{"ignoreBelow":{"ETHEREUM":"5"}}""", "ignoreBelow.ETHEREUM is for no asset that the service knows")]
    public void A_wrong_rule_about_deposits_is_said_with_what_to_do(string deposits, string message) =>
        Assert.Contains(message, Assert.Single(Configuration.Read($$$"""{"payments":{"deposits":{{{deposits}}}}}""").Problems), StringComparison.Ordinal);

    internal static string With(string more) =>
        $$$"""{"databases":{"postgresql":{"namespaces":["payments","signing"]}},"payments":{"enabled":true,"signer":{"keys":"test/keys"},{{{more}}}}}""";

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
