namespace HaCluster.Stack.Settings;

/// <summary>A partition of AWS: nothing is copied from one to another (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).</summary>
internal static class AwsPartition
{
    private static readonly (string Prefix, string Partition)[] Prefixes =
    [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("us-iso-", "aws-iso"),
        ("eu-isoe-", "aws-iso-e"),
        ("eusc-", "aws-eusc"),
    ];

    public static string Of(string region) =>
        Prefixes.FirstOrDefault(entry => region.StartsWith(entry.Prefix, StringComparison.Ordinal)).Partition ?? "aws";
}
