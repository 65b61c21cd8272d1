using System.Globalization;
using System.Text;

namespace HaCluster.Cmdlets.Views;

/// <summary>One screen for a cluster: what is wrong first, then its parts, each on as few lines as it needs.</summary>
public static class ClusterScreen
{
    /// <summary>What could not be read is never shown as if there were none.</summary>
    private const string NotKnown = "not known";

    private const int Most = 8;
    private const int Narrowest = 60;
    private const int Widest = 100;

    /// <param name="width">Of the terminal; lines keep to it, and to 100 at most, so that a wide terminal is read without turning the head.</param>
    public static string Render(ClusterStatus status, int width)
    {
        var screen = new Screen(Math.Clamp(width <= 0 ? Widest : width - 1, Narrowest, Widest));
        screen.Line($"{status.Name}  {Paint.Health(status.Health)}  Kubernetes {status.Version}{(status.Region is { } region ? $"  {region}" : "")}  {status.ReadAt.ToLocalTime():HH:mm:ss}");
        screen.Line("");
        foreach (var finding in status.Findings.Take(Most))
            screen.Line($"! {finding}", indent: 2);
        screen.More(status.Findings.Count);
        if (status.Findings.Count > 0)
            screen.Line("");
        Zones(screen, status);
        screen.Part("Nodes", IsUnknown(status, "nodes") ? NotKnown : $"{status.Nodes.Ready} of {status.Nodes.Total} ready{(status.Nodes.Cordoned > 0 ? $", {status.Nodes.Cordoned} cordoned" : "")}; "
            + (IsUnknown(status, "pods") ? $"pods {NotKnown}" : $"pods {status.Pods.Ready} of {status.Pods.Total} ready{(status.Pods.Pending > 0 ? $", {status.Pods.Pending} pending" : "")}{(status.Pods.Failed > 0 ? $", {status.Pods.Failed} failed" : "")}"));
        screen.Part(
            "Workloads", status.Workloads == 0 && IsUnknown(status, "deployments", "stateful sets", "daemon sets") ? NotKnown : status.BelowStrength.Count == 0 ? $"{status.Workloads}, all at full strength" : $"{status.BelowStrength.Count} of {status.Workloads} below strength",
            status.BelowStrength.Select(one => $"{Paint.Health(one.Health, $"{one.Ready}/{one.Desired}")} {one.Namespace}/{one.Name} {Paint.Zones(one.ReadyByZone)} {one.Note}"));
        screen.Part(
            "Quotas", status.Quotas == 0 && IsUnknown(status, "quotas") ? NotKnown : status.NearlyFull.Count == 0 ? $"{status.Quotas}, none used to 80 % or more" : $"{status.NearlyFull.Count} of {status.Quotas} used to 80 % or more",
            status.NearlyFull.Select(one => $"{Paint.Percent(one.Percent)} {one.Namespace} {one.Resource}: {one.Used} of {one.Hard}"));
        screen.Part(
            "Databases", status.Databases.Count == 0 ? None(status, "databases") : "",
            status.Databases.Select(one => $"{Paint.Health(one.Health)} {one.Name}: {(one.Writer is null ? "no writer" : $"writer in {one.WriterZone}")}, {one.Instances.Count(instance => !instance.IsWriter)} readers {one.Note}"));
        screen.Part("Chains", status.Chains.Count == 0 ? None(status, "pods") : "", status.Chains.GroupBy(node => node.Chain).Select(Chain));
        screen.Part(
            "Alerts", status.Alerts.Count == 0 ? None(status, "alerts", "none fires") : $"{status.Alerts.Count} fire",
            status.Alerts.Select(one => $"{Paint.Severity(one.Severity)} {one.Name}: {one.Summary}"));
        screen.Part("Certificates", Certificates(status), status.Certificates.Where(one => one.Health != Health.Healthy).Select(one => $"{Paint.Health(one.Health)} {one.Namespace}/{one.Name}: {one.Note}"));
        screen.Part("Backups", Backups(status), status.Backups.Where(one => one.Health != Health.Healthy).Select(one => $"{Paint.Health(one.Health, one.Phase)} {one.Name} {one.Note}"));
        screen.Part("Unknown", null, status.Unknown.GroupBy(one => one.Cause).Select(same => $"{string.Join(", ", same.Select(one => one.Part))}: {same.Key}"));
        return screen.ToString();
    }

    private static bool IsUnknown(ClusterStatus status, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (status.Unknown.Any(one => one.Part == part))
                return true;
        }

        return false;
    }

    private static string None(ClusterStatus status, string part, string none = "none") => IsUnknown(status, part) ? NotKnown : none;

    private static void Zones(Screen screen, ClusterStatus status)
    {
        foreach (var (at, zone) in status.Zones.Index())
        {
            var shift = zone.Shift is { IsActive: true } active ? $"  {Paint.Shift(active)} until {active.ExpiresAt.ToLocalTime():HH:mm}" : "";
            var cordoned = zone.CordonedNodes > 0 ? $", {zone.CordonedNodes} cordoned" : "";
            screen.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{(at == 0 ? "Zones" : ""),-14}{zone.Name,-16}{Paint.Health(zone.Health, $"{zone.Health,-9}")} nodes {zone.ReadyNodes}/{zone.Nodes}{cordoned}  pods {zone.ReadyPods}/{zone.Pods}{shift}"));
        }
    }

    private static string Chain(IGrouping<string, ChainStatus> nodes)
    {
        var (ready, total) = (nodes.Count(node => node.IsReady), nodes.Count());
        var head = nodes.Select(node => node.Head).Max();
        var late = nodes.Where(node => !node.IsReady).Select(node => $"{node.Pod} {node.Reason}");
        return $"{Paint.Health(nodes.Max(node => node.Health), $"{ready}/{total}")} {nodes.Key}{(head is { } height ? $" at {height}" : "")} {string.Join(", ", late)}";
    }

    private static string Certificates(ClusterStatus status) => status.Certificates.Count == 0 ? None(status, "certificates")
        : status.Certificates.Where(one => one.EndsAt is not null).MinBy(one => one.EndsAt) is { EndsAt: { } end } first
            ? $"{status.Certificates.Count}; the first to end is {first.Namespace}/{first.Name} in {Texts.Duration(end - status.ReadAt)}"
            : $"{status.Certificates.Count}, none issued";

    private static string Backups(ClusterStatus status) => status.Backups.Count == 0 ? None(status, "backups")
        : status.Backups.Where(one => one.Health == Health.Healthy && one.CompletedAt is not null).MaxBy(one => one.CompletedAt) is { CompletedAt: { } end } last
            ? $"{status.Backups.Count}; the newest, {last.Name}, was complete {Texts.Duration(status.ReadAt - end)} ago"
            : $"{status.Backups.Count}, none complete";

    /// <summary>Lines of one width: what is longer goes on in a second line, and is cut there, so that all stays one screen.</summary>
    private sealed class Screen(int width)
    {
        private const int Margin = 14;
        private const int LinesOfOne = 2;

        private readonly StringBuilder _text = new();

        public void Line(string line, int indent = Margin) => _text.AppendJoin(Environment.NewLine, Lines.Wrap(line.TrimEnd(), width, indent, LinesOfOne)).AppendLine();

        /// <param name="summary">Beside the title; empty puts the first line there, null leaves the part out when it has no lines.</param>
        public void Part(string title, string? summary, IEnumerable<string>? lines = null)
        {
            var list = lines?.ToList() ?? [];
            if (summary is null && list.Count == 0)
                return;
            var head = string.IsNullOrEmpty(summary) ? list.FirstOrDefault() ?? "" : summary;
            Line($"{title,-Margin}{head}");
            var rest = string.IsNullOrEmpty(summary) ? list.Skip(1) : list;
            foreach (var line in rest.Take(Most))
                Line($"{"",-Margin}{line}");
            More(rest.Count());
        }

        public void More(int count)
        {
            if (count > Most)
                Line($"{"",-Margin}and {count - Most} more");
        }

        public override string ToString() => _text.ToString().TrimEnd();
    }
}
