using HaCluster.Engine.Values;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class PermissionRuleTests
{
    private const string Wildcard = "iam-no-wildcard";
    private const string Everyone = "iam-no-public-principal";

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::mine/*"}""", null)]
    [InlineData("""{"Effect":"Deny","Action":"*","Resource":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""", "statement 1 allows * on every resource")]
    [InlineData("""{"Effect":"Allow","Action":["sts:GetCallerIdentity","s3:*"],"Resource":["arn:aws:s3:::mine","*"],"Sid":"All"}""", "statement All allows s3:* on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"*:*","NotResource":"arn:aws:s3:::mine"}""", "statement 1 allows *:* on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}""", "statement 1 allows s3:* on every resource")]
    [InlineData("""{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}""", "statement 1 allows all but some actions (NotAction) on every resource")]
    [InlineData("""{"Effect":"Allow","NotAction":"s3:DeleteObject","Resource":"arn:aws:s3:::mine"}""", null)]
    public void No_role_may_do_everything(string statement, string? problem)
    {
        foreach (var document in new[] { $$"""{"Statement":{{statement}} }""", $$"""{"Statement":[{{statement}}]}""" })
        {
            Assert.Equal(problem is null ? [] : [$"RolePolicy it: policy, {problem}"], Checked.Problems(Wildcard, "aws:iam/rolePolicy:RolePolicy", new { policy = document }));
            Assert.Equal(
                problem is null ? [] : [$"Role it: inlinePolicies[0], {problem}"],
                Checked.Problems(Wildcard, "aws:iam/role:Role", new { inlinePolicies = new[] { new { name = "all", policy = document } } }));
        }
    }

    [Theory]
    [InlineData("arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", null)]
    [InlineData("arn:aws:iam::aws:policy/AdministratorAccess", "RolePolicyAttachment it: grants AdministratorAccess")]
    public void No_role_is_an_administrator(string arn, string? problem) =>
        Assert.Equal(
            problem is null ? [] : [problem],
            Checked.Problems(Wildcard, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", new { role = "x", policyArn = arn }));

    [Fact]
    public void The_policy_of_a_key_speaks_of_that_key_alone() =>
        Assert.Empty(Checked.Problems(
            Wildcard, "aws:kms/key:Key",
            new { policy = """{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}""" }));

    [Theory]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}""", null)]
    [InlineData("""{"Effect":"Deny","Principal":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}""", null)]
    [InlineData("""{"Effect":"Allow","Principal":"*"}""", "statement 1 lets everyone in, without a condition")]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root","*"]}}""", "statement 1 lets everyone in, without a condition")]
    [InlineData("""{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"}}""", "statement 1 lets everyone in, without a condition")]
    public void Nobody_is_trusted_without_being_named(string statement, string? problem)
    {
        var policy = $$"""{"Statement":[{{statement}}]}""";
        Assert.Equal(problem is null ? [] : [$"Role it: assumeRolePolicy, {problem}"], Checked.Problems(Everyone, "aws:iam/role:Role", new { assumeRolePolicy = policy }));
        Assert.Equal(problem is null ? [] : [$"BucketPolicy it: policy, {problem}"], Checked.Problems(Everyone, "aws:s3/bucketPolicy:BucketPolicy", new { policy }));
        Assert.Empty(Checked.Problems(Everyone, "aws:ec2/vpcEndpoint:VpcEndpoint", new { policy }));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData(null)]
    public void A_document_that_cannot_be_read_is_reported_and_a_secret_one_not_shown(string? text)
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:iam/rolePolicy:RolePolicy", "it", new
        {
            policy = text is null
                ? (PropertyValue)new PropertyValue.Secret(new PropertyValue.Text("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""))
                : new PropertyValue.Text(text),
        });
        graph.Resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "no-permissions", new { policy = """{"rules":[]}""" });
        Assert.Equal(["document policy of RolePolicy it"], Checked.Of(Wildcard, graph.Build()).NotInspected.AsEnumerable());
        Assert.Equal(["document policy of RolePolicy it"], Checked.Of(Everyone, graph.Build()).NotInspected.AsEnumerable());
        Assert.Empty(Checked.Of(Wildcard, graph.Build()).Violations);
    }

    [Fact]
    public void A_name_that_stands_twice_in_a_document_counts_as_the_last() =>
        Assert.Single(Checked.Problems(
            Wildcard, "aws:iam/policy:Policy", new { policy = """{"Statement":[{"Effect":"Allow","Action":"s3:Get","Action":"*","Resource":"*"}]}""" }));

    [Theory]
    [InlineData("""{"rules":[{"verbs":["*"],"resources":["pods"]}]}""", null)]
    [InlineData("""{"rules":[{"verbs":["get"],"resources":["*"]}]}""", null)]
    [InlineData("""{"rules":[{"verbs":["get"],"resources":["pods"]},{"verbs":["*"],"resources":["*"]}]}""", "ClusterRole it: rules[1] allows every verb on every resource")]
    public void No_role_of_the_cluster_may_do_everything(string inputs, string? problem) =>
        Assert.Equal(problem is null ? [] : [problem], Checked.Problems("rbac-no-wildcard", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", Json.Of(inputs)));

    [Fact]
    public void Nobody_is_bound_to_cluster_admin()
    {
        const string Binding = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";
        Assert.Empty(Checked.Problems("rbac-no-wildcard", Binding, new { roleRef = new { kind = "ClusterRole", name = "view" } }));
        Assert.Equal(["ClusterRoleBinding it: binds cluster-admin"], Checked.Problems("rbac-no-wildcard", Binding, new { roleRef = new { kind = "ClusterRole", name = "cluster-admin" } }));
    }

    [Theory]
    [InlineData("""{"httpTokens":"required","httpPutResponseHopLimit":1}""")]
    [InlineData("""{"httpEndpoint":"disabled"}""")]
    [InlineData("""{"httpTokens":"optional","httpPutResponseHopLimit":1}""", "metadataOptions.httpTokens is not required")]
    [InlineData("""{"httpTokens":"required","httpPutResponseHopLimit":2}""", "metadataOptions.httpPutResponseHopLimit is not 1")]
    [InlineData("null", "metadataOptions.httpPutResponseHopLimit is not 1", "metadataOptions.httpTokens is not required")]
    public void Nodes_keep_their_role_to_themselves(string options, params string[] problems) =>
        Assert.Equal(
            problems.Select(problem => $"LaunchTemplate it: {problem}"),
            Checked.Problems("imdsv2", "aws:ec2/launchTemplate:LaunchTemplate", Json.Of($$"""{"metadataOptions":{{options}} }""")));
}
