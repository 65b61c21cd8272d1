using HaCluster.Engine.Values;
using HaCluster.Planning.Policies;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

public sealed class PermissionRuleTests
{
    private const string Wildcard = "iam-no-wildcard";
    private const string Everyone = "iam-no-public-principal";

    // Pairs that differ in strength only: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege,
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::mine/*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}""", "statement 1 allows s3:GetObject on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:*"}""", "statement 1 allows s3:GetObject on every resource (arn:aws:*)")]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:*"}""", "statement 1 allows s3:GetObject on every resource (arn:*)")]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3*"}""", "statement 1 allows s3:GetObject on every resource (arn:aws:s3*)")]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*"}""", "statement 1 allows s3:GetObject on every resource (arn:aws:s3:::*)")]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*/*"}""", "statement 1 allows s3:GetObject on every resource (arn:aws:s3:::*/*)")]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::?*"}""", "statement 1 allows s3:GetObject on every resource (arn:aws:s3:::?*)")]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:*:s3:::mine/*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::secret/*"}""", "statement 1 allows s3:GetObject on every resource but some (NotResource)")]
    [InlineData("""{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"EC2:describe*","Resource":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"ec2:D*","Resource":"*"}""", "statement 1 allows ec2:D* on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"secretsmanager:Get*","Resource":"*"}""", "statement 1 allows secretsmanager:Get* on every resource")]
    [InlineData("""{"Effect":"Allow","Action":["ecr:GetAuthorizationToken","ecr:PutImage","sts:GetCallerIdentity"],"Resource":"*"}""", "statement 1 allows ecr:PutImage on every resource")]
    [InlineData("""{"Effect":"Allow","Action":["ecr:GetAuthorizationToken","cloudwatch:GetMetricData","tag:GetResources"],"Resource":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":["ec2:RunInstances","ec2:StopInstances","ec2:StartInstances","ec2:TerminateInstances"],"Resource":"*"}""", "statement 1 allows ec2:RunInstances, ec2:StopInstances, ec2:StartInstances and 1 more on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"ec2:TerminateInstances","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/cluster":"prod"}}}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"ec2:TerminateInstances","Resource":"*","Condition":{"StringLike":{"aws:ResourceTag/cluster":"*"}}}""", "statement 1 allows ec2:TerminateInstances on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"ec2:TerminateInstances","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:ResourceTag/cluster":"prod"}}}""", "statement 1 allows ec2:TerminateInstances on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::mine/*"}""", null)]
    [InlineData("""{"Effect":"Deny","Action":"*","Resource":"*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""", "statement 1 allows * on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"?*:*","Resource":"*"}""", "statement 1 allows ?*:* on every resource")]
    [InlineData("""{"Effect":"Allow","Action":["sts:GetCallerIdentity","s3:*"],"Resource":["arn:aws:s3:::mine","*"],"Sid":"All"}""", "statement All allows s3:* on every resource")]
    [InlineData("""{"Effect":"Allow","Action":"*:*","NotResource":"arn:aws:s3:::mine"}""", "statement 1 allows *:* on every resource but some (NotResource)")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}""", "statement 1 allows s3:* on every resource")]
    [InlineData("""{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}""", "statement 1 allows all but some actions (NotAction) on every resource")]
    [InlineData("""{"Effect":"Allow","NotAction":"s3:DeleteObject","Resource":"arn:aws:s3:::mine"}""", null)]
    // What hands out credentials, on all of a kind.
    [InlineData("""{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/*"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:123456789012:secret:*"}""", "statement 1 allows secretsmanager:GetSecretValue on arn:aws:secretsmanager:*:123456789012:secret:*")]
    [InlineData("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/*"}""", "statement 1 allows sts:AssumeRole on arn:aws:iam::*:role/*")]
    [InlineData("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::123456789012:role/deploy"}""", null)]
    [InlineData("""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:*:123456789012:key/*"}""", "statement 1 allows kms:Decrypt on arn:aws:kms:*:123456789012:key/*")]
    [InlineData("""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:*:123456789012:key/*","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-central-1.amazonaws.com"}}}""", null)]
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

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    [Theory]
    [InlineData("iam:PassRole", "arn:aws:iam::123456789012:role/task", """{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}""")]
    [InlineData("iam:PassRole", "arn:aws:iam::123456789012:role/task", "{}", "passes a role to any service: no condition requires a fixed iam:PassedToService of iam:PassRole")]
    [InlineData("iam:passrole", "arn:aws:iam::123456789012:role/task", """{"StringLike":{"iam:PassedToService":"*"}}""", "passes a role to any service: no condition requires a fixed iam:PassedToService of iam:PassRole")]
    [InlineData("iam:Pass*", "arn:aws:iam::123456789012:role/task", """{"StringEqualsIfExists":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}""", "passes a role to any service: no condition requires a fixed iam:PassedToService of iam:PassRole")]
    [InlineData("iam:PassRole", "arn:aws:iam::123456789012:role/*", """{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}""", "passes any role (iam:PassRole on arn:aws:iam::123456789012:role/*)")]
    [InlineData("iam:PassRole", "*", """{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}""", "passes any role (iam:PassRole on *)")]
    [InlineData("iam:*", "*", "{}", "allows iam:* on every resource")]
    public void A_role_is_passed_by_name_and_to_one_service(string action, string resource, string condition, string? problem = null) =>
        Assert.Equal(
            problem is null ? [] : [$"Policy it: policy, statement 1 {problem}"],
            Checked.Problems(Wildcard, "aws:iam/policy:Policy", new
            {
                policy = $$"""{"Statement":{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}","Condition":{{condition}}} }""",
            }));

    [Fact]
    public void An_action_of_a_service_that_is_not_in_the_table_is_not_inspected()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:iam/policy:Policy", "it", new { policy = """{"Statement":{"Effect":"Allow","Action":["quantum:Leap","quantum:ListLeaps"],"Resource":"*"}}""" });
        var result = Checked.Of(Wildcard, graph.Build());
        Assert.Equal((PolicyStatus.Incomplete, "action quantum:Leap in policy of Policy it: whether it can name its resources"), (result.Status, Assert.Single(result.NotInspected)));
    }

    [Theory]
    [InlineData("arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", null)]
    [InlineData("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", null)]
    [InlineData("arn:aws:iam::aws:policy/AmazonS3FullAccess", "RolePolicyAttachment it: grants AmazonS3FullAccess")]
    [InlineData("arn:aws:iam::aws:policy/CloudWatchFullAccessV2", "RolePolicyAttachment it: grants CloudWatchFullAccessV2")]
    [InlineData("arn:aws-cn:iam::aws:policy/job-function/SystemAdministrator", "RolePolicyAttachment it: grants SystemAdministrator")]
    [InlineData("arn:aws:iam::aws:policy/AdministratorAccess", "RolePolicyAttachment it: grants AdministratorAccess")]
    public void No_role_is_an_administrator(string arn, string? problem) =>
        Assert.Equal(
            problem is null ? [] : [problem],
            Checked.Problems(Wildcard, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", new { role = "x", policyArn = arn }));

    [Fact]
    public void An_attached_policy_is_inspected_where_it_is_declared()
    {
        const string Attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
        var graph = new GraphBuilder();
        graph.Resource("aws:iam/policy:Policy", "own", new { policy = """{"Statement":[]}""" }, outputs: new { arn = "arn:aws:iam::123456789012:policy/own" });
        graph.Resource(Attachment, "own", new { policyArn = "arn:aws:iam::123456789012:policy/own" });
        Assert.Equal(PolicyStatus.Holds, Checked.Of(Wildcard, graph.Build()).Status);
        graph.Resource(Attachment, "later", new { policyArn = PropertyValue.Unknown.Instance });
        graph.Resource(Attachment, "other", new { policyArn = "arn:aws:iam::123456789012:policy/other" });
        Assert.Equal(
            [
                "attachment arn:aws:iam::123456789012:policy/other of RolePolicyAttachment other: it is not declared here",
                "attachment policyArn of RolePolicyAttachment later",
            ],
            Checked.Of(Wildcard, graph.Build()).NotInspected.AsEnumerable());
    }

    [Fact]
    public void The_policy_of_a_key_speaks_of_that_key_alone() =>
        Assert.Empty(Checked.Problems(
            Wildcard, "aws:kms/key:Key",
            new { policy = """{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}""" }));

    [Fact]
    public void The_policy_of_an_endpoint_may_name_everyone_and_a_role_not()
    {
        const string Policy = """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}]}""";
        Assert.Equal(
            ["Role it: assumeRolePolicy, statement 1 allows everyone, without a condition"],
            Checked.Problems(Everyone, "aws:iam/role:Role", new { assumeRolePolicy = Policy }));
        Assert.Empty(Checked.Problems(Everyone, "aws:ec2/vpcEndpoint:VpcEndpoint", new { policy = Policy }));
    }

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
    [Theory]
    [InlineData("rds.amazonaws.com", """{"StringEquals":{"aws:SourceAccount":"123456789012"}}""", true)]
    [InlineData("rds.amazonaws.com", """{"ArnLike":{"aws:SourceArn":"arn:aws:rds:eu-central-1:123456789012:db:prod-*"}}""", true)]
    [InlineData("rds.amazonaws.com", "{}", false)]
    [InlineData("rds.amazonaws.com", """{"StringLike":{"aws:SourceAccount":"*"}}""", false)]
    [InlineData("rds.amazonaws.com", """{"StringEqualsIfExists":{"aws:SourceAccount":"123456789012"}}""", false)]
    [InlineData("rds.amazonaws.com", """{"ArnLike":{"aws:SourceArn":"arn:aws:rds:eu-central-1:*:db:prod"}}""", false)]
    [InlineData("logs.eu-central-1.amazonaws.com", "{}", false)]
    [InlineData("ec2.amazonaws.com", "{}", true)]
    public void A_service_uses_a_role_for_its_own_account_only(string service, string condition, bool holds) =>
        Assert.Equal(
            holds ? [] : [$"Role it: assumeRolePolicy, statement 1 allows {service} on behalf of every account"],
            Checked.Problems("iam-confused-deputy", "aws:iam/role:Role", new
            {
                assumeRolePolicy = $$$"""{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"{{{service}}}"},"Condition":{{{condition}}}}}""",
            }));

    [Theory]
    [InlineData("""{"StringEquals":{"kms:EncryptionContext:aws:sqs:arn":"arn:aws:sqs:eu-central-1:123456789012:queue"}}""", true)]
    [InlineData("""{"StringLike":{"kms:EncryptionContext:aws:sqs:arn":"*"}}""", false)]
    [InlineData("""{"StringEquals":{"aws:SourceOrgID":"o-a"}}""", true)]
    [InlineData("{}", false)]
    public void A_service_uses_a_key_for_its_own_account_only(string condition, bool holds) =>
        Assert.Equal(holds ? 0 : 1, Checked.Problems("iam-confused-deputy", "aws:kms/key:Key", new
        {
            policy = $$$"""{"Statement":{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Principal":{"Service":"s3.amazonaws.com"},"Condition":{{{condition}}}}}""",
        }).Length);

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
    public void Of_two_members_with_one_name_the_last_counts() =>
        Assert.Single(Checked.Problems(
            Wildcard, "aws:iam/policy:Policy", new { policy = """{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Action":"*","Resource":"*"}]}""" }));

    [Theory]
    [InlineData("""{"rules":[{"verbs":["*"],"resources":["pods"]}]}""", null)]
    [InlineData("""{"rules":[{"apiGroups":["apps"],"verbs":["get"],"resources":["*"]}]}""", null)]
    [InlineData("""{"rules":[{"apiGroups":[""],"verbs":["list"],"resources":["*"]}]}""", "ClusterRole it: rules[0] allows list on every resource, secrets among them")]
    [InlineData("""{"rules":[{"apiGroups":["*"],"verbs":["create"],"resources":["*"]}]}""", null)]
    [InlineData("""{"rules":[{"verbs":["*"],"resources":["*/*"]}]}""", "ClusterRole it: rules[0] allows every verb on every resource")]
    [InlineData("""{"rules":[{"verbs":["bind"],"resources":["clusterroles"],"resourceNames":["view"]}]}""", null)]
    [InlineData("""{"rules":[{"verbs":["bind"],"resources":["clusterroles"]}]}""", "ClusterRole it: rules[0] allows bind on every clusterroles")]
    [InlineData("""{"rules":[{"verbs":["get"],"nonResourceURLs":["/metrics"]}]}""", null)]
    [InlineData("""{"rules":[{"verbs":["*"],"nonResourceURLs":["*"]}]}""", "ClusterRole it: rules[0] allows every verb on every URL")]
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
    [InlineData("system:serviceaccounts:platform", null)]
    [InlineData("system:authenticated", "binds system:authenticated, which is everyone")]
    [InlineData("system:masters", "binds system:masters, which may do everything whatever its roles say")]
    public void No_role_is_bound_to_everyone(string group, string? problem) =>
        Assert.Equal(
            problem is null ? [] : [$"RoleBinding it: {problem}"],
            Checked.Problems("rbac-no-wildcard", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", new
            {
                roleRef = new { kind = "Role", name = "read" },
                subjects = new[] { new { kind = "Group", name = group } },
            }));
}
