using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Services with one price per piece: the control plane, keys, secrets, alarms, web ACLs, DNS zones.</summary>
internal static class AccountCosts
{
    private const int HighResolutionSeconds = 60;

    public static void AddControlPlane(ResourceNode cluster, CostSheet sheet) =>
        sheet.Add(cluster, new CostItem("EKS control plane", "eks:cluster", 1));

    public static void AddKey(ResourceNode key, CostSheet sheet) => sheet.Add(key, new CostItem("KMS key", "kms:key", 1));

    public static void AddSecret(ResourceNode secret, CostSheet sheet) => sheet.Add(secret, new CostItem("secret", "secrets:secret", 1));

    public static void AddHostedZone(ResourceNode zone, CostSheet sheet) => sheet.Add(zone, new CostItem("hosted zone", "route53:zone", 1));

    /// <summary>Every metric that an alarm reads is charged.</summary>
    public static void AddAlarm(ResourceNode alarm, CostSheet sheet)
    {
        var queries = alarm.Inputs.At("metricQueries").Items().Select(query => query.At("metric")).OfType<PropertyValue>().ToList();
        var period = queries.Count == 0 ? alarm.Inputs.At("period").Integer() : queries.Min(metric => metric.At("period").Integer());
        var metrics = Math.Max(1, queries.Count);
        sheet.Add(alarm, period < HighResolutionSeconds
            ? new CostItem("high-resolution alarm metric", "cloudwatch:alarm-high-resolution", metrics)
            : new CostItem("alarm metric", "cloudwatch:alarm", metrics));
    }

    public static void AddWebAcl(ResourceNode acl, CostSheet sheet)
    {
        sheet.Add(acl, new CostItem($"{acl.Name}: web ACL", "waf:acl", 1));
        sheet.Add(acl, new CostItem($"{acl.Name}: rules", "waf:rule", acl.Inputs.At("rules").Items().Length));
        sheet.Assume(acl, UsageCatalog.FirewallRequests, what: $"{acl.Name}: {UsageCatalog.FirewallRequests.What}");
    }

    /// <summary>Usage of services that the whole plan shares.</summary>
    public static void AddSharedUsage(CostSheet sheet)
    {
        Assume("aws:cloudwatch/logGroup:LogGroup", UsageCatalog.LogsIngested, UsageCatalog.LogsKept);
        Assume("aws:s3/bucket:Bucket", UsageCatalog.ObjectStorage, UsageCatalog.ObjectWrites);
        Assume("aws:ecr/repository:Repository", UsageCatalog.Images);
        Assume("aws:kms/key:Key", UsageCatalog.KeyRequests);
        Assume("aws:sqs/queue:Queue", UsageCatalog.QueueRequests);
        if (sheet.OfType("kubernetes:external-secrets.io/v1:ExternalSecret").Any(ReadsFromAws))
            sheet.AssumeShared(UsageCatalog.SecretRequests);

        void Assume(string type, params ReadOnlySpan<UsageAmount> amounts)
        {
            if (!sheet.OfType(type).Any())
                return;
            foreach (var amount in amounts)
                sheet.AssumeShared(amount);
        }
    }

    private static bool ReadsFromAws(ResourceNode secret) =>
        secret.Inputs.At("spec", "dataFrom").Items().Any(from => from.At("extract") is not null)
        || !secret.Inputs.At("spec", "data").Items().IsEmpty;
}
