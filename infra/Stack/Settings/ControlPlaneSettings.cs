using System.Collections.Immutable;
using System.Text.RegularExpressions;
using HaCluster.Stack.Cluster;
using HaCluster.Stack.Network;

namespace HaCluster.Stack.Settings;

/// <summary>The EKS control plane (<c>ha-cluster:cluster</c>).</summary>
public sealed partial record ControlPlaneSettings
{
    private static readonly Dictionary<string, string> SupportTypes = new(StringComparer.Ordinal)
    {
        ["standard"] = "STANDARD",
        ["extended"] = "EXTENDED",
    };

    /// <summary>Kubernetes minor version with the add-ons that belong to it.</summary>
    public required ClusterVersion Version { get; init; }

    /// <summary>Networks that may reach the public API endpoint; empty means that there is none.</summary>
    public required ImmutableArray<Ipv4Cidr> PublicAccessCidrs { get; init; }

    /// <summary>IAM roles that administer the cluster.</summary>
    public required ImmutableArray<string> Admins { get; init; }

    /// <summary>IAM roles that may look at everything but secrets.</summary>
    public required ImmutableArray<string> Viewers { get; init; }

    /// <summary>Whether AWS refuses to delete the cluster.</summary>
    public required bool DeletionProtection { get; init; }

    /// <summary>Days that control-plane logs are kept.</summary>
    public required int LogRetentionDays { get; init; }

    /// <summary><c>STANDARD</c> (upgraded by AWS after 14 months) or <c>EXTENDED</c> (after 26, at a higher price an hour).</summary>
    public required string SupportType { get; init; }

    public static ControlPlaneSettings Read(SettingsReader reader)
    {
        var settings = new ControlPlaneSettings
        {
            Version = ReadVersion(reader),
            PublicAccessCidrs = ReadPublicAccess(reader),
            Admins = ReadRoles(reader, "admins"),
            Viewers = ReadRoles(reader, "viewers"),
            DeletionProtection = reader.Boolean("deletionProtection", true),
            LogRetentionDays = LogRetention.Read(reader, "logRetentionDays", 90),
            SupportType = reader.Choice("support", "EXTENDED", SupportTypes),
        };
        var both = settings.Admins.Intersect(settings.Viewers, StringComparer.Ordinal).FirstOrDefault();
        if (both is not null)
        {
            reader.Problems.Add(
                reader.PathOf("viewers"), $"\"{both}\"", $"the role is in {reader.PathOf("admins")} too, and a role has one entry: take it out of one");
        }

        reader.Close();
        return settings;
    }

    private static ClusterVersion ReadVersion(SettingsReader reader)
    {
        var text = reader.Text("version", ClusterVersion.Default.Kubernetes);
        if (ClusterVersion.Find(text) is { } version)
            return version;

        var known = string.Join(", ", ClusterVersion.All.Select(each => each.Kubernetes));
        reader.Problems.Add(
            reader.PathOf("version"),
            $"\"{text}\"",
            VersionShape().IsMatch(text)
                ? $"the program pins add-ons for {known} only: choose one of these, or add a row to ClusterVersion"
                : $"a Kubernetes version on EKS is a minor version such as {known}");
        return ClusterVersion.Default;
    }

    private static ImmutableArray<Ipv4Cidr> ReadPublicAccess(SettingsReader reader)
    {
        var cidrs = reader.CidrList("publicAccessCidrs");
        var anywhere = reader.Boolean("allowPublicAccessFromAnywhere", false);
        if (cidrs.Any(cidr => cidr.Prefix == 0) && !anywhere)
        {
            reader.Problems.Add(
                reader.PathOf("publicAccessCidrs"),
                "0.0.0.0/0",
                $"it offers the Kubernetes API to everyone: name your networks, or set {reader.PathOf("allowPublicAccessFromAnywhere")} to true");
        }

        foreach (var cidr in cidrs.Where(cidr => cidr.Prefix > 0 && cidr.IsPrivate))
        {
            reader.Problems.Add(
                reader.PathOf("publicAccessCidrs"),
                cidr,
                "the public endpoint never sees a private address: name the public addresses of your network (inside the VPC the private endpoint serves)");
        }

        return cidrs;
    }

    private static ImmutableArray<string> ReadRoles(SettingsReader reader, string name)
    {
        var roles = reader.TextList(name, []);
        for (var i = 0; i < roles.Length; i++)
        {
            var advice =
                !RoleShape().IsMatch(roles[i]) ? "the ARN of an IAM role is expected here, such as arn:aws:iam::123456789012:role/admin"
                : roles.IndexOf(roles[i]) < i ? "the role is in the list already: name it once"
                : null;
            if (advice is not null)
                reader.Problems.Add($"{reader.PathOf(name)}[{i}]", $"\"{roles[i]}\"", advice);
        }

        return roles;
    }

    [GeneratedRegex("^1\\.[0-9]{2}$")]
    private static partial Regex VersionShape();

    [GeneratedRegex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$")]
    private static partial Regex RoleShape();
}
