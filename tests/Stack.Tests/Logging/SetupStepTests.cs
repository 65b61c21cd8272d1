using System.Text.Json.Nodes;
using HaCluster.Stack.Logging.Setup;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Logging;

public class SetupStepTests
{
    [Theory]
    [InlineData("{}", 2)]
    [InlineData("""{"logging":{"search":{"standby":false}}}""", 1)]
    [InlineData("""{"zones":2}""", 1)]
    public void Each_zone_or_at_least_two_have_a_copy(string settings, int replicas)
    {
        foreach (var name in new[] { "application", "audit", "finance" })
            Assert.Equal(replicas.ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)Body(settings, $"/_index_template/{name}")["template"]!["settings"]!["index"]!["number_of_replicas"]);
    }

    [Fact]
    public void Finance_records_have_fixed_fields_and_a_place_for_others()
    {
        var mappings = Body("{}", "/_index_template/finance")["template"]!["mappings"]!;

        Assert.Equal("strict", (string?)mappings["dynamic"]);
        Assert.False((bool)mappings["properties"]!["extra"]!["enabled"]!);
        Assert.Equal("keyword", (string?)mappings["properties"]!["amount"]!["type"]);
    }

    [Theory]
    [InlineData("application")]
    [InlineData("audit")]
    public void No_other_record_is_refused_for_a_field_that_is_new(string name)
    {
        var mappings = Body("{}", $"/_index_template/{name}")["template"]!["mappings"]!;

        Assert.False((bool)mappings["dynamic"]!);
    }

    [Fact]
    public void No_keyword_is_too_long_for_a_term()
    {
        foreach (var name in new[] { "application", "audit", "finance" })
        {
            var keywords = Objects(Body("{}", $"/_index_template/{name}")).Where(each => each["type"] is JsonValue type && (string?)type == "keyword").ToArray();
            Assert.NotEmpty(keywords);
            Assert.All(keywords, each => Assert.InRange((int)each["ignore_above"]!, 1, 32766 / 4));
        }
    }

    [Theory]
    [InlineData("application", "14d", "deleted")]
    [InlineData("audit", "90d", "saved")]
    [InlineData("finance", "431d", "saved")]
    public void Records_stay_as_long_as_the_settings_say(string name, string age, string next)
    {
        var policy = Body("{}", $"/_plugins/_ism/policies/{name}")["policy"]!;
        var first = State(policy, (string)policy["default_state"]!)["transitions"]![0]!;

        Assert.Equal(age, (string?)first["conditions"]!["min_index_age"]);
        Assert.Equal(next, (string?)first["state_name"]);
        Assert.Equal($"{name}-*", (string?)policy["ism_template"]![0]!["index_patterns"]![0]);
        Assert.Contains("delete", State(policy, "deleted")["actions"]!.AsArray().SelectMany(action => action!.AsObject()).Select(entry => entry.Key));
        if (next == "saved")
            Assert.Equal("snapshots", (string?)State(policy, "saved")["actions"]![0]!["snapshot"]!["repository"]);
    }

    [Fact]
    public void Writers_add_and_neither_change_nor_delete()
    {
        var roles = Steps("{}").Where(step => step.Path.StartsWith("/_plugins/_security/api/roles/", StringComparison.Ordinal)).ToArray();

        Assert.Equal(3, roles.Length);
        Assert.All(roles, role =>
        {
            var actions = role.Body["index_permissions"]![0]!["allowed_actions"]!.AsArray().Select(action => (string)action!).ToArray();
            Assert.Contains("indices:data/write/bulk*", actions);
            Assert.DoesNotContain(actions, action => action is "crud" or "write" or "manage" or "*" || action.Contains("delete", StringComparison.Ordinal) || action.Contains("update", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void People_search_only_where_there_are_any_and_write_nowhere()
    {
        const string Reader = "/_plugins/_security/api/roles/log-reader";

        Assert.DoesNotContain(Steps("{}"), step => step.Path == Reader);
        var role = Body("""{"logging":{"search":{"readers":["arn:aws:iam::123456789012:role/auditor"]}}}""", Reader);
        Assert.Equal("cluster_composite_ops_ro", (string?)role["cluster_permissions"]![0]);
        Assert.Equal(3, role["index_permissions"]![0]!["index_patterns"]!.AsArray().Count);
        Assert.DoesNotContain("write", role.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Roles_come_before_templates_and_the_repository_before_the_policies_that_use_it()
    {
        var paths = Steps("{}").Select(step => step.Path).ToList();

        Assert.True(paths.FindLastIndex(path => path.Contains("_security", StringComparison.Ordinal)) < paths.IndexOf("/_index_template/application"));
        Assert.True(paths.IndexOf("/_snapshot/snapshots") < paths.IndexOf("/_plugins/_ism/policies/finance"));
        Assert.True(paths.IndexOf("/_snapshot/snapshots") < paths.IndexOf("/_plugins/_sm/policies/daily"));
    }

    [Theory]
    [InlineData("eu-central-1", "region", "eu-central-1")]
    [InlineData("us-east-1", "endpoint", "s3.amazonaws.com")]
    public void The_repository_says_where_its_bucket_is(string region, string key, string value)
    {
        var settings = SnapshotPlan.All("bucket", region, "role", "finance").First().Body["settings"]!;

        Assert.Equal(value, (string?)settings[key]);
        Assert.Null(settings["server_side_encryption"]);
    }

    [Fact]
    public void A_prefix_of_the_users_own_is_used_throughout()
    {
        var steps = Steps("""{"logging":{"finance":{"indexPrefix":"money"}}}""").ToArray();

        Assert.DoesNotContain(steps, step => step.Path.Contains("finance", StringComparison.Ordinal) || step.Body.ToJsonString().Contains("finance-*", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.Path == "/_index_template/money");
    }

    private static IEnumerable<SetupStep> Steps(string settings)
    {
        var logging = Configuration.Read(settings).Settings.Logging;
        return SearchSetup.Steps(logging, Principals(logging), "eu-central-1", "bucket", "role");
    }

    private static SearchPrincipals Principals(LoggingSettings settings) => new("setup", "agent", "audit", "service", settings.Search.Readers);

    private static JsonObject Body(string settings, string path) => Steps(settings).Single(step => step.Path == path).Body;

    private static JsonNode State(JsonNode policy, string name) => policy["states"]!.AsArray().Single(state => (string)state!["name"]! == name)!;

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(entry => Objects(entry.Value)).Prepend(map),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };
}
