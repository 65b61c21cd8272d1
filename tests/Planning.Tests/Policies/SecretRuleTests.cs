using System.Text;
using HaCluster.Engine.Values;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

/// <remarks>Secrets are put together here from halves, so that no scanner takes this file for a leak.</remarks>
public sealed class SecretRuleTests
{
    private const string Policy = "no-clear-secrets";
    private const string AccessKey = "AKIA" + "IOSFODNN7EXAMPLE";
    private const string Digits = "0x" + "A0b86991c6218b36c1d1" + "9D4a2e9Eb0cE3606eB48";
    private const string Rest = "19D4a2e9Eb0cE3606eB48abc";
    private const string Random = "q8Zr2LxT0vKd5" + "MwYb7Hn";

    public static TheoryData<string, string> Shapes => new()
    {
        { "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE", "a private key" },
        { "-----BEGIN " + "PRIVATE KEY-----\nMIIE", "a private key" },
        { $"aws_access_key_id = {AccessKey}", "an AWS access key" },
        { "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "a JSON web token" },
        { "https://hooks.slack.com/" + "services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "a Slack webhook" },
        { "xoxb" + "-123456789012-abcdefghijkl", "a Slack token" },
        { "ghp_" + new string('a', 36), "a GitHub token" },
        { "glrt" + "-abcdefghij0123456789", "a GitLab token" },
        { "AIza" + new string('b', 35), "a Google API key" },
        { "sk_live_" + new string('c', 24), "a Stripe key" },
        { "postgres://app:" + "hunter2@db.example.com/app", "a URL with a password" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_secret_of_a_known_form_is_recognised_anywhere_and_never_repeated(string secret, string kind)
    {
        Assert.Equal([$"ConfigMap it: data.file holds {kind} in plain text"], Checked.Problems(Policy, "kubernetes:core/v1:ConfigMap", new { data = new { file = $"first\n{secret}\n" } }));
        Assert.Equal(
            [$"LaunchTemplate it: userData holds {kind} in plain text"],
            Checked.Problems(Policy, "aws:ec2/launchTemplate:LaunchTemplate", new { userData = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) }));
        Assert.Empty(Checked.Problems(Policy, "kubernetes:core/v1:ConfigMap", new { data = new { file = new PropertyValue.Secret(new PropertyValue.Text(secret)) } }));
    }

    [Theory]
    [InlineData("""{"masterPassword":"hunter2"}""", "masterPassword is named like a password and is in plain text")]
    [InlineData("""{"values":{"grafana":{"adminPassword":"prom-operator"}}}""", "values.grafana.adminPassword is named like a password and is in plain text")]
    [InlineData("""{"spec":{"env":[{"name":"A","value":"b"},{"name":"RPC_PASSWORD","value":"x"}]}}""", "spec.env[1].value is named like a password and is in plain text")]
    [InlineData($$"""{"apiToken":"{{Random}}"}""", "apiToken looks like a secret by its name and content, and is in plain text")]
    [InlineData($$"""{"secret_access_key":"{{Random}}"}""", "secret_access_key looks like a secret by its name and content, and is in plain text")]
    [InlineData($$"""{"args":["--rpc-auth-token={{Random}}"]}""", "args[0] sets rpc-auth-token in plain text")]
    [InlineData($$"""{"args":["--token={{Digits}}{{Rest}}"]}""", "args[0] sets token in plain text")]
    [InlineData($$"""{"data":{"app.ini":"user = app\nDB_PASSWORD: \"{{Random}}\"\n"} }""", "data.app.ini sets DB_PASSWORD in plain text")]
    public void A_name_gives_a_secret_away(string inputs, string problem)
    {
        Assert.Equal([$"Thing it: {problem}"], Checked.Problems(Policy, "aws:some/thing:Thing", Json.Of(inputs)));
        Assert.DoesNotContain(Random, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"password":""}""")]
    [InlineData("""{"password":"${DB_PASSWORD}"}""")]
    [InlineData("""{"password":{"secretKeyRef":{"name":"db","key":"password"}}}""")]
    [InlineData("""{"password":{"$secret":"hunter2"}}""")]
    [InlineData("""{"password":{"$output":{"value":"hunter2","secret":true}}}""")]
    [InlineData("""{"passwordFile":"/run/secrets/password","secretName":"db-credentials-2"}""")]
    [InlineData("""{"secret":"ha-cluster-prod-1.database-credentials-7f"}""")]
    [InlineData("""{"secretKey":"password","property":"password"}""")]
    [InlineData($$"""{"annotations":{"configuration":"{{Random}}"} }""")]
    [InlineData($$"""{"publicKey":"{{Random}}","cacheKey":"{{Random}}"}""")]
    [InlineData("""{"secretArn":"arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!cluster-53f77833-6f11-4808-a260-98005d4b5f07-53f778"}""")]
    [InlineData("""{"args":["--authrpc.jwtsecret=/run/engine/jwt.hex","--password-file=/run/secrets/0123456789"]}""")]
    [InlineData($$"""{"args":["--token={{Digits}}"],"token":"{{Digits}}"}""")]
    [InlineData("""{"url":"postgres://app:$(PASSWORD)@db.example.com/app"}""")]
    public void Names_references_and_what_is_marked_are_no_secrets(string inputs) =>
        Assert.Empty(Checked.Problems(Policy, "aws:some/thing:Thing", Json.Of(inputs)));

    [Theory]
    [InlineData("data")]
    [InlineData("stringData")]
    public void The_data_of_a_Kubernetes_secret_is_marked(string entry)
    {
        const string Secret = "kubernetes:core/v1:Secret";
        Assert.Equal([$"Secret it: {entry}.any is data of a secret and not marked as one"], Checked.Problems(Policy, Secret, Json.Of($$$"""{"{{{entry}}}":{"any":"x"}}""")));
        Assert.Empty(Checked.Problems(Policy, Secret, Json.Of($$$"""{"{{{entry}}}":{"any":{"$secret":"x"}},"type":"Opaque"}""")));
    }

    [Fact]
    public void Resources_that_were_only_read_are_of_others()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:some/thing:Thing", "it", new { password = "hunter2" });
        var built = graph.Build();
        Assert.Single(Checked.Of(Policy, built).Violations);
        Assert.Empty(Checked.Of(Policy, built with { Resources = [.. built.Resources.Select(one => one with { IsRead = true })] }).Violations);
    }
}
