using System.Collections.Immutable;
using HaCluster.Stack.Settings.Network;
using HaCluster.Stack.Software;

namespace HaCluster.Stack.Settings;

/// <summary>The EKS control plane (<c>ha-cluster:cluster</c>).</summary>
public sealed record ControlPlaneSettings
{
    // https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html: public endpoint access CIDR ranges per cluster, not adjustable.
    private const int MaxPublicCidrs = 40;

    private static readonly Dictionary<string, string> SupportTypes = new(StringComparer.Ordinal)
    {
        ["standard"] = "STANDARD",
        ["extended"] = "EXTENDED",
    };

    /// <summary>Kubernetes minor version with the add-ons that belong to it.</summary>
    public required ClusterVersion Version { get; init; }

    /// <summary>Networks that may reach the public API endpoint; empty: no public endpoint.</summary>
    public required ImmutableArray<Ipv4Cidr> PublicAccessCidrs { get; init; }

    /// <summary>IAM roles that administer the cluster.</summary>
    public required ImmutableArray<string> Admins { get; init; }

    /// <summary>IAM roles that may read everything except secrets.</summary>
    public required ImmutableArray<string> Viewers { get; init; }

    /// <summary>Whether AWS refuses to delete the cluster.</summary>
    public required bool DeletionProtection { get; init; }

    /// <summary>Days that control-plane logs are kept.</summary>
    public required int LogRetentionDays { get; init; }

    /// <summary><c>STANDARD</c> (upgraded by AWS after 14 months) or <c>EXTENDED</c> (after 26, at a higher price per hour).</summary>
    public required string SupportType { get; init; }

    public static ControlPlaneSettings Read(SettingsReader reader)
    {
        var settings = new ControlPlaneSettings
        {
            Version = ReadVersion(reader),
            PublicAccessCidrs = ReadPublicAccess(reader),
            Admins = reader.TextList(
                "admins",
                "IAM roles of administrators. The role that runs the first `pulumi up` is an administrator already, and EKS refuses a second entry for it.",
                [], Shapes.RoleArn),
            Viewers = reader.TextList("viewers", "IAM roles that may read everything except secrets.", [], Shapes.RoleArn),
            DeletionProtection = reader.Boolean(
                "deletionProtection",
                "Whether AWS refuses to delete the cluster. Before `pulumi destroy`, set it to false and run `pulumi up`.",
                true),
            LogRetentionDays = LogRetention.Read(reader, "logRetentionDays", "Days that CloudWatch keeps the logs of the control plane.", 90),
            SupportType = reader.Choice(
                "support",
                "When AWS upgrades the control plane automatically. standard: after 14 months. extended: after 26 months, at a higher price from month 15 on.",
                "EXTENDED", SupportTypes),
        };
        var both = settings.Admins.Intersect(settings.Viewers, StringComparer.Ordinal).FirstOrDefault();
        if (both is not null)
        {
            reader.Problems.Add(
                reader.PathOf("viewers"), SettingsReader.Shown(both), $"the role is also in {reader.PathOf("admins")}, and EKS allows one entry per role: remove it from one of the two");
        }

        reader.Close();
        return settings;
    }

    private static ClusterVersion ReadVersion(SettingsReader reader)
    {
        var text = reader.Text(
            "version", "Kubernetes version, in quotes; the program must have pinned add-ons for it. Upgrade one minor version at a time; EKS has no downgrade.", ClusterVersion.Default.Kubernetes, Shapes.KubernetesVersion);
        if (ClusterVersion.Find(text) is { } version)
            return version;

        var known = string.Join(", ", ClusterVersion.All.Select(each => each.Kubernetes));
        reader.Problems.Add(
            reader.PathOf("version"),
            SettingsReader.Shown(text),
            $"the program has pinned add-ons only for {known}: choose one of these, or add a row to ClusterVersion");
        return ClusterVersion.Default;
    }

    private static ImmutableArray<Ipv4Cidr> ReadPublicAccess(SettingsReader reader)
    {
        var cidrs = reader.CidrList(
            "publicAccessCidrs",
            $"Public addresses from which the Kubernetes API may be reached, {MaxPublicCidrs} blocks at most. Empty: from inside the VPC only, and `pulumi up`, `preview` and `destroy` must run there (`pulumi preview --refresh=false` need not).",
            "203.0.113.0/24");
        var anywhere = reader.Boolean(
            "allowPublicAccessFromAnywhere",
            "Whether publicAccessCidrs may contain 0.0.0.0/0, which opens the Kubernetes API to the whole internet.",
            false);
        if (cidrs.Any(cidr => cidr.Prefix == 0) && !anywhere)
        {
            reader.Problems.Add(
                reader.PathOf("publicAccessCidrs"),
                "0.0.0.0/0",
                $"it opens the Kubernetes API to the whole internet: list your networks, or set {reader.PathOf("allowPublicAccessFromAnywhere")} to true");
        }

        if (cidrs.Length > MaxPublicCidrs)
        {
            reader.Problems.Add(
                reader.PathOf("publicAccessCidrs"), $"{cidrs.Length} blocks", $"EKS allows at most {MaxPublicCidrs}: merge neighbouring blocks, or reach the API through a VPN");
        }

        foreach (var cidr in cidrs.Where(cidr => cidr.Prefix > 0 && cidr.IsPrivate))
        {
            reader.Problems.Add(
                reader.PathOf("publicAccessCidrs"),
                cidr,
                "no client reaches the public endpoint from a private address: list the public addresses of your network (inside the VPC, the private endpoint is used)");
        }

        return cidrs;
    }
}
