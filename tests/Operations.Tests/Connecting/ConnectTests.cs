using System.Text.Json.Nodes;
using Amazon.Runtime;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Tests.Fakes;

namespace HaCluster.Operations.Tests.Connecting;

public sealed class ConnectTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ha-cluster-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_context_that_does_not_exist_names_those_that_do()
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(ConnectionRequest.ToContext(Write(Config("https://127.0.0.1:1", """{"token":"t"}""")), "other")));

        Assert.Equal(FailureKind.ContextNotFound, failure.Kind);
        Assert.Contains("Available: one", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clusters: [", FailureKind.KubeconfigNotUsable)]
    [InlineData("apiVersion: v1\nkind: Config\n", FailureKind.ContextNotFound)]
    public async Task A_malformed_or_empty_kubeconfig_is_said(string text, FailureKind kind)
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(ConnectionRequest.ToContext(Write(text), null)));

        Assert.Equal(kind, failure.Kind);
    }

    [Fact]
    public async Task A_missing_kubeconfig_is_said()
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(ConnectionRequest.ToContext(Path.Combine(_folder.FullName, "none"), null)));

        Assert.Equal(FailureKind.KubeconfigNotUsable, failure.Kind);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(ConnectionRequest.ToContext(Write(Config("https://127.0.0.1:1", """{"token":"t"}""")), null)));

        Assert.Equal(FailureKind.Unreachable, failure.Kind);
    }

    [Fact]
    public async Task A_cluster_that_is_not_ours_is_refused_unless_it_is_wanted()
    {
        await using var cluster = await TwinCluster.StartAsync();
        var request = ConnectionRequest.ToContext(Kubeconfig(cluster), null);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(request));
        using var session = await ConnectAsync(request with { AllowOtherClusters = true });

        Assert.Equal(FailureKind.NotOurCluster, failure.Kind);
        Assert.Contains("ha-cluster/pool", failure.Message, StringComparison.Ordinal);
        Assert.Equal(("kubernetes-admin", (string?)null), (session.Info.Caller, session.Info.Account));
        Assert.Contains("this connection has no AWS access", Assert.Throws<HaClusterException>(() => session.RequireAws("databases")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_ours_makes_the_cluster_ours()
    {
        await using var cluster = await TwinCluster.StartAsync();
        cluster.AddNode("n1", "eu-central-1a");

        using var session = await ConnectAsync(ConnectionRequest.ToContext(Kubeconfig(cluster), null));

        Assert.StartsWith("v1.", session.Info.KubernetesVersion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_says_to_log_in_again()
    {
        await using var cluster = await TwinCluster.StartAsync();
        var path = Kubeconfig(cluster);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace(cluster.Server.Token, "stale", StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(ConnectionRequest.ToContext(path, null)));

        Assert.Equal(FailureKind.CredentialsExpired, failure.Kind);
    }

    [Fact]
    public async Task A_kubeconfig_that_would_run_the_aws_command_line_gets_its_tokens_here()
    {
        await using var server = await FakeApiServer.StartAsync((context, request) => request.Path switch
        {
            "/version" => context.JsonAsync("""{"gitVersion":"v1.36.1-eks"}"""),
            _ => context.JsonAsync("""{"status":{"userInfo":{"username":"arn:aws:sts::123456789012:assumed-role/ops/ada"}}}"""),
        });
        using var aws = new FakeAws(_ => (200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>"));
        var config = Config(server.Endpoint.ToString(), """{"exec":{"apiVersion":"client.authentication.k8s.io/v1beta1","command":"aws","args":["eks","get-token","--cluster-name","prod","--region","eu-central-1","--output","json"],"interactiveMode":"Never"}}""");

        using var session = await ConnectAsync(new ConnectionRequest
        {
            Kubeconfig = Write(config),
            AwsCredentials = new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"),
            AwsEndpoint = aws.Endpoint,
            AllowOtherClusters = true,
        });

        Assert.Equal(("prod", "eu-central-1", "123456789012"), (session.Info.Name, session.Info.Region, session.Info.Account));
        Assert.All(server.Requests, request => Assert.StartsWith("Bearer k8s-aws-v1.", request.Authorization, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://OTHER.gr7.eu-central-1.eks.amazonaws.com", "other", false)]
    [InlineData("https://OTHER.gr7.eu-central-1.eks.amazonaws.com", "", false)]
    [InlineData("https://OTHER.gr7.eu-central-1.eks.amazonaws.com", "same", true)]
    [InlineData("SERVER", "other", true)]
    [InlineData("", "", true)]
    public async Task A_kubeconfig_and_credentials_of_two_clusters_with_one_name_are_refused(string endpoint, string authority, bool isOne)
    {
        await using var cluster = await TwinCluster.StartAsync();
        var same = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(cluster.Server.AuthorityPem));
        var data = authority switch { "same" => same, "other" => "b3RoZXI=", _ => "" };
        using var aws = new FakeAws(request => (200, request.Path.StartsWith("/clusters/", StringComparison.Ordinal)
            ? $$"""{"cluster":{"name":"prod","arn":"arn:aws:eks:eu-central-1:2:cluster/prod","endpoint":"{{endpoint.Replace("SERVER", cluster.Server.Url.ToString(), StringComparison.Ordinal)}}","certificateAuthority":{"data":"{{data}}"} } }"""
            : "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>2</Account><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>"));
        var request = new ConnectionRequest
        {
            Kubeconfig = Kubeconfig(cluster),
            ClusterName = "prod",
            Region = "eu-central-1",
            AwsCredentials = new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"),
            AwsEndpoint = aws.Endpoint,
            AllowOtherClusters = true,
        };

        if (isOne)
        {
            using var session = await ConnectAsync(request);
            Assert.Equal(("2", "eu-central-1", true), (session.Identity!.Account, session.Identity.Region, Guid.TryParse(session.Identity.Uid, out _)));
            return;
        }
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(request));
        Assert.Equal(FailureKind.NotOurCluster, failure.Kind);
        Assert.Contains($"two clusters with one name: the kubeconfig leads to {cluster.Server.Url.ToString().TrimEnd('/')}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("AWS_PROFILE", failure.Advice, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_program_of_the_kubeconfig_makes_the_token_and_one_that_fails_is_named()
    {
        Skip.If(OperatingSystem.IsWindows(), "the program is a shell script");
        await using var server = await FakeApiServer.StartAsync((context, _) => context.JsonAsync("""{"gitVersion":"v1.36.1"}"""));
        var program = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"from-the-program\"}}'\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var exec = """{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"PROGRAM","interactiveMode":"Never"}}""";

        using var session = await ConnectAsync(ConnectionRequest.ToContext(Write(Config(server.Endpoint.ToString(), exec.Replace("PROGRAM", program, StringComparison.Ordinal))), null) with { AllowOtherClusters = true });
        var failure = await Assert.ThrowsAsync<HaClusterException>(() =>
            ConnectAsync(ConnectionRequest.ToContext(Write(Config(server.Endpoint.ToString(), exec.Replace("PROGRAM", "/no/such/program", StringComparison.Ordinal))), null)));

        Assert.Contains(server.Requests, request => request.Authorization == "Bearer from-the-program");
        Assert.Equal(FailureKind.CredentialsMissing, failure.Kind);
        Assert.Contains("/no/such/program", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_twin_is_found_by_its_name_and_never_operated_through_another_aws()
    {
        await using var cluster = await TwinCluster.StartAsync();
        using var aws = new FakeAws(_ => (200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>"));
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", _folder.FullName);
        var folder = Path.Combine(_folder.FullName, "ha-cluster", "twins", "demo");
        Directory.CreateDirectory(folder);
        cluster.Server.WriteKubeconfig(Path.Combine(folder, "kubeconfig"), "ha-twin-demo");
        await File.WriteAllTextAsync(Path.Combine(folder, "twin.json"), """{ "format": "hacluster.twin/1", "name": "demo", "stack": "prod", "cluster": "ha-cluster-prod", "objectives": { "serving": { "shop/web": 2 } } }""");

        using var alone = await ConnectAsync(ConnectionRequest.ToTwin("demo"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "environment"), $"export AWS_ACCESS_KEY_ID='AKIAIOSFODNN7EXAMPLE'\nexport AWS_ENDPOINT_URL='{aws.Endpoint}'\nexport AWS_CONFIG_FILE='/it'\\''s here'\nexport AWS_REGION='eu-central-1'\nexport AWS_SECRET_ACCESS_KEY='not-a-secret'\n");
        using var whole = await ConnectAsync(ConnectionRequest.ToTwin("demo"));
        var environment = TwinFolder.Find("demo").ReadEnvironment();
        var failure = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(ConnectionRequest.ToTwin("other")));
        await File.WriteAllTextAsync(Path.Combine(folder, "twin.json"), $$"""{ "format": "hacluster.twin/1", "name": "demo", "process": {{int.MaxValue}} }""");
        var killed = await Assert.ThrowsAsync<HaClusterException>(() => ConnectAsync(ConnectionRequest.ToTwin("demo")));

        Assert.Equal("/it's here", environment["AWS_CONFIG_FILE"]);
        Assert.Equal(FailureKind.NotConnected, killed.Kind);
        Assert.Contains("it no longer runs", killed.Message, StringComparison.Ordinal);
        Assert.Null(alone.Aws);
        Assert.Equal(2, alone.Objectives.Serving["shop/web"]);
        Assert.Equal(("ha-cluster-prod", "prod", "eu-central-1", "123456789012", ConnectionSource.Twin), (whole.ClusterName, whole.Info.Stack, whole.Info.Region, whole.Info.Account, whole.Info.Source));
        Assert.Equal(FailureKind.NotConnected, failure.Kind);
        Assert.Contains("Available: demo", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config:\n  ha-cluster:objectives:\n    serving:\n      shop/web: 2\n    recovery:\n      database: 3m\n", 2, 180, null)]
    [InlineData("config:\n  aws:region: eu-central-1\n", null, 120, null)]
    [InlineData("config: [", null, 120, "Pulumi.prod.yaml")]
    [InlineData(null, null, 120, "there is no stack 'prod'")]
    public async Task The_objectives_of_a_stack_are_read_from_its_file_or_are_not_known(string? file, int? serving, int seconds, string? unknown)
    {
        await using var cluster = await TwinCluster.StartAsync();
        using var aws = new FakeAws(_ => (200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Pulumi.yaml"), "name: ha-cluster\nruntime: dotnet\n");
        if (file is not null)
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Pulumi.prod.yaml"), file);

        using var session = await ConnectAsync(ConnectionRequest.ToStack("prod", _folder.FullName) with
        {
            Outputs = StackOutputs.Parse((JsonObject)JsonNode.Parse("""{"clusterName":"prod","region":"eu-central-1"}""")!, "prod"),
            Kubeconfig = Kubeconfig(cluster),
            AwsCredentials = new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"),
            AwsEndpoint = aws.Endpoint,
        });

        Assert.Equal(serving, session.Objectives.Serving.TryGetValue("shop/web", out var least) ? least : null);
        Assert.Equal(TimeSpan.FromSeconds(seconds), session.Objectives.Recovery.Database);
        Assert.Equal(unknown is null, session.WithoutObjectives is null);
        Assert.Contains(unknown ?? "", session.WithoutObjectives?.Reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_of_another_stack_are_refused_and_ours_are_read()
    {
        var failure = Assert.Throws<HaClusterException>(() => StackOutputs.Parse(new JsonObject { ["bucket"] = "b" }, "other"));
        var outputs = StackOutputs.Parse(
            (JsonObject)JsonNode.Parse("""
                { "clusterName": "prod", "region": "eu-central-1", "zones": ["a","b"], "kubeconfig": { "kind": "Config" }, "databaseClusters": ["prod-postgresql"],
                  "nodeGroups": { "general": { "name": "prod-general", "pool": "general", "capacityType": "SPOT", "min": 2, "max": 9, "zones": ["a"], "arn": "x" } } }
                """)!,
            "prod");

        Assert.Equal(FailureKind.NotOurCluster, failure.Kind);
        Assert.Equal(("prod", "eu-central-1", 2, "prod-postgresql"), (outputs.ClusterName, outputs.Region, outputs.Zones.Length, outputs.DatabaseClusters[0]));
        Assert.Equal(("prod-general", 2, 9, "SPOT"), (outputs.NodeGroups["general"].Name, outputs.NodeGroups["general"].Min, outputs.NodeGroups["general"].Max, outputs.NodeGroups["general"].CapacityType));
        Assert.Contains("Config", outputs.Kubeconfig, StringComparison.Ordinal);
    }

    private static Task<ClusterSession> ConnectAsync(ConnectionRequest request) => new SessionConnector(FakeApiServer.Quick).ConnectAsync(request, None);

    private string Kubeconfig(TwinCluster cluster)
    {
        var path = Path.Combine(_folder.FullName, Path.GetRandomFileName());
        cluster.Server.WriteKubeconfig(path);
        return path;
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        return path;
    }

    private static string Config(string server, string user) => $$"""
        { "apiVersion": "v1", "kind": "Config", "current-context": "one",
          "clusters": [ { "name": "c", "cluster": { "server": "{{server}}" } } ],
          "contexts": [ { "name": "one", "context": { "cluster": "c", "user": "u" } } ],
          "users": [ { "name": "u", "user": {{user}} } ] }
        """;
}
