using System.Text.Json;
using HaCluster.Stack.Tests.Graph;

namespace HaCluster.Stack.Tests.Delivery;

public class GitLabAccessTests
{
    private const string Provider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
    private const string Role = "aws:iam/role:Role";
    private const string Settings =
        """
        {"namespaces":{"shop":{}},"delivery":{"repositories":["shop"],"gitlab":{"url":"https://git.example.com","projects":["group/shop","group/sub/api"]},
         "environments":{"production":{"namespaces":["shop","payments"],"branches":[],"tags":["v*"]}}}}
        """;

    [Fact]
    public async Task Nobody_is_let_in_when_no_project_is_named()
    {
        var resources = await DeclaredCluster.FromAsync("{}");

        Assert.DoesNotContain(resources.Of(Provider), each => each.Name == "gitlab-access");
        Assert.DoesNotContain(resources.Of(Role), each => each.Name == "gitlab-push");
    }

    [Fact]
    public async Task Only_named_branches_and_tags_of_named_projects_may_push()
    {
        var trust = Trust((await DeclaredCluster.FromAsync(Settings)).One(Role, "gitlab-push"));

        Assert.Equal("sts:AssumeRoleWithWebIdentity", trust.GetProperty("Action").GetString());
        Assert.EndsWith("/gitlab-access", trust.GetProperty("Principal").GetProperty("Federated").GetString(), StringComparison.Ordinal);
        Assert.Equal("https://git.example.com", trust.GetProperty("Condition").GetProperty("StringEquals").GetProperty("git.example.com:aud").GetString());
        Assert.Equal(
            [
                "project_path:group/shop:ref_type:branch:ref:main", "project_path:group/shop:ref_type:tag:ref:v*",
                "project_path:group/sub/api:ref_type:branch:ref:main", "project_path:group/sub/api:ref_type:tag:ref:v*",
            ],
            Subjects(trust, "git.example.com"));
    }

    [Fact]
    public async Task An_environment_trusts_its_own_branches_and_tags()
    {
        var trust = Trust((await DeclaredCluster.FromAsync(Settings)).One(Role, "deploy-production"));

        Assert.Equal(["project_path:group/shop:ref_type:tag:ref:v*", "project_path:group/sub/api:ref_type:tag:ref:v*"], Subjects(trust, "git.example.com"));
    }

    [Fact]
    public async Task Pushing_reaches_the_repositories_of_this_cluster_and_deletes_nothing()
    {
        var policy = (await DeclaredCluster.FromAsync(Settings)).One("aws:iam/rolePolicy:RolePolicy", "gitlab-push").Text("policy");

        var push = JsonDocument.Parse(policy).RootElement.GetProperty("Statement").EnumerateArray().Single(each => each.GetProperty("Sid").GetString() == "PushImages");
        Assert.Equal(
            ["ledger", "payments", "sentinel", "shop"],
            push.GetProperty("Resource").EnumerateArray().Select(arn => arn.GetString()!.Split('/')[^1]));
        var actions = push.GetProperty("Action").EnumerateArray().Select(action => action.GetString()!).ToArray();
        Assert.Contains("ecr:PutImage", actions);
        Assert.DoesNotContain(actions, action => action.Contains("Delete", StringComparison.Ordinal) || action.Contains("Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_provider_that_the_account_has_is_used_and_not_made_again()
    {
        const string Arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";
        var resources = await DeclaredCluster.FromAsync(
            """{"delivery":{"gitlab":{"projects":["g/p"],"oidcProviderArn":"arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}}""");

        Assert.DoesNotContain(resources.Of(Provider), each => each.Name == "gitlab-access");
        Assert.Equal(Arn, Trust(resources.One(Role, "gitlab-push")).GetProperty("Principal").GetProperty("Federated").GetString());
    }

    [Fact]
    public async Task A_release_sets_images_in_the_namespaces_of_its_environment_and_reads_no_secret()
    {
        var resources = await DeclaredCluster.FromAsync(Settings);

        var entry = resources.One("aws:eks/accessEntry:AccessEntry", "deploy-production");
        Assert.Equal(["release:production"], entry.List("kubernetesGroups"));
        Assert.Empty(resources.Of("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"));
        foreach (var target in new[] { "shop", "payments" })
        {
            var binding = resources.One("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", $"deploy-production-{target}");
            Assert.Equal(target, binding.At("metadata.namespace"));
            Assert.Equal(("Group", "release:production"), (binding.Text("subjects.0.kind"), binding.Text("subjects.0.name")));
            Assert.Equal(("Role", "release-production"), (binding.Text("roleRef.kind"), binding.Text("roleRef.name")));
            var role = resources.One("kubernetes:rbac.authorization.k8s.io/v1:Role", $"deploy-production-{target}");
            Assert.Equal(target, role.At("metadata.namespace"));
            var texts = role.Texts().Select(text => text.Value).ToHashSet();
            Assert.Superset(new HashSet<string> { "deployments", "patch", "replicasets", "pods" }, texts);
            Assert.DoesNotContain(texts, text => text is "secrets" or "create" or "delete" or "*" or "pods/exec");
        }
    }

    private static JsonElement Trust(RecordedResource role) => JsonDocument.Parse(role.Text("assumeRolePolicy")).RootElement.GetProperty("Statement")[0];

    private static IEnumerable<string> Subjects(JsonElement trust, string issuer) =>
        trust.GetProperty("Condition").GetProperty("StringLike").GetProperty($"{issuer}:sub").EnumerateArray().Select(subject => subject.GetString()!);
}
