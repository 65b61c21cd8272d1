using System.Text.Json;

namespace HaCluster.Stack.Tests.Graph;

public class AccountTests
{
    // Kinds of AWS resources that have no tags in the provider's schema.
    private static readonly string[] Untaggable =
    [
        "aws:s3/bucketNotification:BucketNotification", "aws:sqs/queuePolicy:QueuePolicy",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "aws:cloudwatch/logStream:LogStream", "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        "aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy", "aws:ecr/replicationConfiguration:ReplicationConfiguration",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:kms/alias:Alias",
        "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup", "aws:rds/proxyTarget:ProxyTarget",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "aws:s3/bucketVersioning:BucketVersioning",
        "aws:secretsmanager/secretRotation:SecretRotation", "aws:sns/topicPolicy:TopicPolicy", "aws:sns/topicSubscription:TopicSubscription",
    ];

    // Describe and list calls that IAM cannot narrow, and key policies, in which * is the key itself.
    private static readonly string[] Unnarrowable =
    [
        "autoscaling:Describe", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "ec2:Describe", "ec2:GetInstanceTypesFromInstanceRequirements",
        "ecr:GetAuthorizationToken", "elasticloadbalancing:Describe", "route53:ListHostedZones", "tag:GetResources",
    ];

    private const string Rich =
        """
        {"tags":{"Team":"core"},"nodePools":{"general":{"spot":{"max":3}}},
         "cluster":{"admins":["arn:aws:iam::123456789012:role/ops/admin"],"viewers":["arn:aws:iam::123456789012:role/admin"],"publicAccessCidrs":["203.0.113.0/24"]},
         "namespaces":{"shop":{}},"edge":{"hostedZones":{"us.com":"Z0ABC"}},"sites":{"blog":{"image":"blog:1.0","domain":"blog.us.com"}}}
        """;

    [Fact]
    public async Task Every_taggable_resource_says_whose_it_is()
    {
        var resources = (await DeclaredCluster.FromAsync(Rich))
            .Where(resource => resource.Type.StartsWith("aws:", StringComparison.Ordinal) && !Untaggable.Contains(resource.Type))
            .ToArray();

        Assert.NotEmpty(resources);
        Assert.All(resources, resource =>
        {
            var tags = resource.Map("tags");
            Assert.Equal("ha-cluster", tags["Project"]);
            Assert.Equal("test", tags["Stack"]);
            Assert.Equal("ha-cluster-test", tags["Cluster"]);
            Assert.Equal("Pulumi", tags["ManagedBy"]);
            Assert.Equal("core", tags["Team"]);
            Assert.NotEmpty((string)tags["Component"]);
            Assert.NotEmpty((string)tags["Name"]);
        });
    }

    [Fact]
    public async Task Nothing_is_tied_to_one_partition_or_account()
    {
        var texts = (await DeclaredCluster.FromAsync("{}")).SelectMany(resource => resource.Texts().Select(text => (resource.Name, text.Value)));

        // The mocks answer with a partition of their own; what says otherwise was written down. ARNs that the mocks made say "mock".
        Assert.DoesNotContain(texts, text => text.Value.Contains("arn:aws:", StringComparison.Ordinal) && !text.Value.Contains("arn:aws:mock:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_policy_allows_more_than_it_must()
    {
        var policies = (await DeclaredCluster.FromAsync(Rich)).Of("aws:iam/rolePolicy:RolePolicy");

        Assert.NotEmpty(policies);
        foreach (var policy in policies)
        {
            foreach (var statement in JsonDocument.Parse(policy.Text("policy")).RootElement.GetProperty("Statement").EnumerateArray())
            {
                var actions = Strings(statement.GetProperty("Action"));
                Assert.DoesNotContain(actions, action => action == "*" || action.EndsWith(":*", StringComparison.Ordinal));
                if (Strings(statement.GetProperty("Resource")).Contains("*"))
                    Assert.All(actions, action => Assert.Contains(Unnarrowable, allowed => action.StartsWith(allowed, StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public async Task Only_this_cluster_can_scale_its_groups()
    {
        var policy = (await DeclaredCluster.FromAsync("{}")).One("aws:iam/rolePolicy:RolePolicy", "cluster-autoscaler").Text("policy");

        var scale = JsonDocument.Parse(policy).RootElement.GetProperty("Statement").EnumerateArray().Single(each => each.GetProperty("Sid").GetString() == "ScaleOwnGroups");
        var conditions = scale.GetProperty("Condition").GetProperty("StringEquals");
        Assert.Equal("owned", conditions.GetProperty("aws:ResourceTag/k8s.io/cluster-autoscaler/ha-cluster-test").GetString());
        Assert.Equal("true", conditions.GetProperty("aws:ResourceTag/k8s.io/cluster-autoscaler/enabled").GetString());
    }

    [Theory]
    [InlineData("control-plane", "eks.amazonaws.com", "arn:aws-test:eks:eu-central-1:123456789012:cluster/ha-cluster-test")]
    [InlineData("flow-logs", "vpc-flow-logs.amazonaws.com", "arn:aws-test:ec2:eu-central-1:123456789012:vpc-flow-log/*")]
    public async Task A_role_of_a_service_trusts_it_for_one_resource(string role, string service, string source)
    {
        var trust = (await DeclaredCluster.FromAsync("{}")).One("aws:iam/role:Role", role).Text("assumeRolePolicy");

        var statement = JsonDocument.Parse(trust).RootElement.GetProperty("Statement")[0];
        Assert.Equal(service, statement.GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal(ClusterMocks.Account, statement.GetProperty("Condition").GetProperty("StringEquals").GetProperty("aws:SourceAccount").GetString());
        Assert.Equal(source, statement.GetProperty("Condition").GetProperty("ArnLike").GetProperty("aws:SourceArn").GetString());
    }

    [Fact]
    public async Task Nodes_may_look_themselves_up_or_none_would_join()
    {
        var policies = (await DeclaredCluster.FromAsync("{}")).Of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            .Where(each => each.Name.StartsWith("node-", StringComparison.Ordinal))
            .Select(each => each.Text("policyArn"));

        Assert.Equal(
            ["arn:aws-test:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly", "arn:aws-test:iam::aws:policy/AmazonEKSWorkerNodePolicy"], policies);
    }

    [Fact]
    public async Task The_driver_of_volumes_may_touch_those_of_this_cluster_only()
    {
        var policy = (await DeclaredCluster.FromAsync("{}")).Of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            .Single(each => each.Name.StartsWith("ebs-csi", StringComparison.Ordinal));

        Assert.Equal("arn:aws-test:iam::aws:policy/AmazonEBSCSIDriverEKSClusterScopedPolicy", policy.Text("policyArn"));
    }

    [Theory]
    [InlineData("vpc-cni", "aws-node")]
    [InlineData("ebs-csi", "ebs-csi-controller-sa")]
    [InlineData("cluster-autoscaler", "cluster-autoscaler")]
    public async Task A_role_of_pods_trusts_one_service_account_of_one_cluster(string role, string serviceAccount)
    {
        var trust = (await DeclaredCluster.FromAsync("{}")).One("aws:iam/role:Role", role).Text("assumeRolePolicy");

        var statement = JsonDocument.Parse(trust).RootElement.GetProperty("Statement")[0];
        var conditions = statement.GetProperty("Condition").GetProperty("StringEquals");
        Assert.Equal("pods.eks.amazonaws.com", statement.GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal(["sts:AssumeRole", "sts:TagSession"], Strings(statement.GetProperty("Action")));
        Assert.Equal(serviceAccount, conditions.GetProperty("aws:RequestTag/kubernetes-service-account").GetString());
        Assert.Equal("ha-cluster-test", conditions.GetProperty("aws:RequestTag/eks-cluster-name").GetString());
        Assert.Equal(ClusterMocks.Account, conditions.GetProperty("aws:SourceAccount").GetString());
    }

    [Fact]
    public async Task Roles_of_the_same_name_in_different_folders_each_get_their_entry()
    {
        var resources = await DeclaredCluster.FromAsync(Rich);

        Assert.Equal(2, resources.Of("aws:eks/accessEntry:AccessEntry").Select(entry => entry.Name).Distinct().Count());
        Assert.Equal(2, resources.Of("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").Count);
    }

    [Fact]
    public async Task Nothing_in_the_graph_is_a_credential()
    {
        var texts = (await DeclaredCluster.FromAsync(Rich)).SelectMany(resource => resource.Texts().Select(text => text)).ToArray();

        // A template of a secret is filled in inside the cluster.
        var plain = texts.Where(text => !text.Value.StartsWith("{{ .", StringComparison.Ordinal));
        Assert.DoesNotContain(plain, text => text.Path.EndsWith("password", StringComparison.OrdinalIgnoreCase) || text.Path.EndsWith(".token", StringComparison.Ordinal));
        var kubeconfig = texts.Single(text => text.Path == ".kubeconfig").Value;
        Assert.Contains("get-token", kubeconfig, StringComparison.Ordinal);
        Assert.DoesNotContain("\"token\"", kubeconfig, StringComparison.Ordinal);
        Assert.DoesNotContain("client-key", kubeconfig, StringComparison.Ordinal);
    }

    private static string[] Strings(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? [element.GetString()!]
        : [.. element.EnumerateArray().Select(item => item.GetString()!)];
}
