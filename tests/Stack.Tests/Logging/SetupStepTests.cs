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
        foreach (var name in new[] { "application", "audit", "ledger", "ledger-state" })
            Assert.Equal(replicas.ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)Body(settings, $"/_index_template/{name}")["template"]!["settings"]!["index"]!["number_of_replicas"]);
    }

    [Fact]
    public void Data_of_finance_records_are_kept_and_never_mapped()
    {
        var template = Body("{}", "/_index_template/ledger");
        var mappings = template["template"]!["mappings"]!;

        Assert.Equal("ledger.*.*", (string?)template["index_patterns"]![0]);
        Assert.False((bool)mappings["dynamic"]!);
        Assert.False((bool)mappings["properties"]!["data"]!["enabled"]!);
        Assert.Equal("text", (string?)mappings["properties"]!["words"]!["type"]);
    }

    [Fact]
    public void Positions_and_dead_letters_of_the_ledger_get_copies_and_keep_the_mappings_that_it_gives_them()
    {
        var template = Body("{}", "/_index_template/ledger-state");

        Assert.Equal(["ledger.positions", "ledger.dead-letters"], template["index_patterns"]!.AsArray().Select(pattern => (string?)pattern));
        Assert.Null(template["template"]!["mappings"]);
    }

    [Theory]
    [InlineData("application")]
    [InlineData("audit")]
    [InlineData("ledger")]
    public void No_record_is_refused_for_a_field_that_is_new(string name)
    {
        var mappings = Body("{}", $"/_index_template/{name}")["template"]!["mappings"]!;

        Assert.False((bool)mappings["dynamic"]!);
    }

    [Fact]
    public void No_keyword_is_too_long_for_a_term()
    {
        foreach (var name in new[] { "application", "audit" })
        {
            var keywords = Objects(Body("{}", $"/_index_template/{name}")).Where(each => each["type"] is JsonValue type && (string?)type == "keyword").ToArray();
            Assert.NotEmpty(keywords);
            Assert.All(keywords, each => Assert.InRange((int)each["ignore_above"]!, 1, 32766 / 4));
        }
    }

    [Theory]
    [InlineData("application", "application-*", "14d", "deleted")]
    [InlineData("audit", "audit-*", "90d", "saved")]
    [InlineData("ledger", "ledger.*.*", "431d", "saved")]
    public void Records_stay_as_long_as_the_settings_say(string name, string pattern, string age, string next)
    {
        var policy = Body("{}", $"/_plugins/_ism/policies/{name}")["policy"]!;
        var first = State(policy, (string)policy["default_state"]!)["transitions"]![0]!;

        Assert.Equal(age, (string?)first["conditions"]!["min_index_age"]);
        Assert.Equal(next, (string?)first["state_name"]);
        Assert.Equal(pattern, (string?)policy["ism_template"]![0]!["index_patterns"]![0]);
        Assert.Contains("delete", State(policy, "deleted")["actions"]!.AsArray().SelectMany(action => action!.AsObject()).Select(entry => entry.Key));
        if (next == "saved")
            Assert.Equal("snapshots", (string?)State(policy, "saved")["actions"]![0]!["snapshot"]!["repository"]);
    }

    [Fact]
    public void Writers_add_and_change_nothing()
    {
        var roles = Steps("{}").Where(step => step.Path.StartsWith("/_plugins/_security/api/roles/", StringComparison.Ordinal)).ToArray();

        Assert.Equal(3, roles.Length);
        Assert.All(roles, role =>
        {
            var actions = role.Body["index_permissions"]![0]!["allowed_actions"]!.AsArray().Select(action => (string)action!).ToArray();
            Assert.Contains("indices:data/write/bulk*", actions);
            Assert.DoesNotContain(actions, action => action is "crud" or "write" or "manage" or "*" || action.Contains("update", StringComparison.Ordinal));

            // Only the ledger, whose indices can be made again from its archive.
            Assert.Equal(role.Path.EndsWith("/ledger-writer", StringComparison.Ordinal), actions.Any(action => action.Contains("delete", StringComparison.Ordinal)));
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
        Assert.True(paths.IndexOf("/_snapshot/snapshots") < paths.IndexOf("/_plugins/_ism/policies/ledger"));
        Assert.True(paths.IndexOf("/_snapshot/snapshots") < paths.IndexOf("/_plugins/_sm/policies/daily"));
    }

    [Theory]
    [InlineData("eu-central-1", "region", "eu-central-1")]
    [InlineData("us-east-1", "endpoint", "s3.amazonaws.com")]
    public void The_repository_says_where_its_bucket_is(string region, string key, string value)
    {
        var settings = SnapshotPlan.All("bucket", region, "role").First().Body["settings"]!;

        Assert.Equal(value, (string?)settings[key]);
        Assert.Null(settings["server_side_encryption"]);
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
