using System.Collections.Immutable;

namespace HaCluster.Stack.Identities;

/// <summary>AWS services that write to the topics of alarms: the policies of the topics and of their key must allow them.</summary>
public static class AlarmSources
{
    /// <summary>Alarms of CloudWatch; events of RDS, such as a failover
    /// (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html).</summary>
    public static readonly ImmutableArray<(string Sid, string Principal)> All =
        [("CloudWatch", "cloudwatch.amazonaws.com"), ("Databases", "events.rds.amazonaws.com")];
}
