using HaCluster.Stack.Settings.Edge;
using Pulumi.Aws.WafV2.Inputs;

namespace HaCluster.Stack.Edge.Firewall;

/// <summary>
/// The rules of the firewall, cheapest first: rate per client, known bad clients, then the content of requests. They cost 927 of the 1,500 units that
/// the base price pays for (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html).
/// </summary>
internal static class WebFirewallRules
{
    private const int FiveMinutes = 300;

    public static WebAclRuleArgs[] All(WafSettings settings) =>
    [
        Rate(settings),
        Managed(1, "reputation", "AWSManagedRulesAmazonIpReputationList", settings.Action),
        Managed(2, "known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet", settings.Action),

        // It treats every body above 8 KiB as an attack, which would block the first uploaded picture. The other rules still inspect the first 8 KiB.
        Managed(3, "core", "AWSManagedRulesCommonRuleSet", settings.Action, counted: "SizeRestrictions_BODY"),
    ];

    private static WebAclRuleArgs Rate(WafSettings settings) => new()
    {
        Name = "rate",
        Priority = 0,
        Statement = new WebAclRuleStatementArgs
        {
            RateBasedStatement = new WebAclRuleStatementRateBasedStatementArgs
            {
                // Of the connection: the load balancer is what clients connect to.
                AggregateKeyType = "IP",
                EvaluationWindowSec = FiveMinutes,
                Limit = settings.RequestsPerFiveMinutes,
            },
        },
        Action = settings.Action == WafAction.Block
            ? new WebAclRuleActionArgs { Block = new WebAclRuleActionBlockArgs() }
            : new WebAclRuleActionArgs { Count = new WebAclRuleActionCountArgs() },
        VisibilityConfig = Visible("rate"),
    };

    private static WebAclRuleArgs Managed(int priority, string name, string group, WafAction action, string? counted = null)
    {
        var statement = new WebAclRuleStatementManagedRuleGroupStatementArgs { VendorName = "AWS", Name = group };
        if (counted is not null)
        {
            statement.RuleActionOverrides.Add(new WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs
            {
                Name = counted,
                ActionToUse = new WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs
                {
                    Count = new WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs(),
                },
            });
        }

        return new WebAclRuleArgs
        {
            Name = name,
            Priority = priority,
            Statement = new WebAclRuleStatementArgs { ManagedRuleGroupStatement = statement },

            // A rule group has its own actions; override them only to count.
            OverrideAction = action == WafAction.Block
                ? new WebAclRuleOverrideActionArgs { None = new WebAclRuleOverrideActionNoneArgs() }
                : new WebAclRuleOverrideActionArgs { Count = new WebAclRuleOverrideActionCountArgs() },
            VisibilityConfig = Visible(name),
        };
    }

    private static WebAclRuleVisibilityConfigArgs Visible(string name) => new()
    {
        MetricName = name,
        CloudwatchMetricsEnabled = true,
        SampledRequestsEnabled = false,
    };
}
