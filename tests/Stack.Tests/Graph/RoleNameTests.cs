using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Tests.Graph;

public class RoleNameTests
{
    /// <summary>Everything that has a role of its own.</summary>
    private const string Everything =
        """
        {
          "name": "NAME",
          "edge": {"hostedZones": {"your-company.com": "Z0123456789ABCDEFGHIJ"}, "waf": {"enabled": true}},
          "sites": {"shop": {"image": "ghcr.io/your-company/shop:1", "domain": "shop.your-company.com"}},
          "nodePools": {"general": {"spot": {"min": 0, "max": 3}}},
          "delivery": {
            "gitlab": {"runnerSecret": "gitlab/runner", "projects": ["shop/api"]},
            "environments": {"environment-of-17": {"namespaces": ["payments"]}}
          }
        }
        """;

    [Fact]
    public async Task The_longest_name_of_a_cluster_makes_the_longest_name_of_a_role()
    {
        var name = new string('n', Shapes.LongestClusterName);
        var resources = await DeclaredCluster.FromAsync(Everything.Replace("NAME", name, StringComparison.Ordinal));
        var longest = resources.Of("aws:iam/role:Role").Max(role => role.Text("name").Length);

        Assert.Equal(Shapes.LongestRoleName, longest);
    }
}
