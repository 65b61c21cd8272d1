using System.Collections.Immutable;

namespace HaCluster.Stack.Alarms;

/// <summary>Services of AWS that write to the topics: they need a place in the policies of the topics and of their key.</summary>
public static class AlarmSources
{
    /// <summary>Alarms of CloudWatch; events of RDS, such as a failover
    /// (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html).</summary>
    public static readonly ImmutableArray<(string Sid, string Principal)> All =
        [("CloudWatch", "cloudwatch.amazonaws.com"), ("Databases", "events.rds.amazonaws.com")];
}
