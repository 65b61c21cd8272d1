using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Planning;
using HaCluster.Planning.Plans;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>A readable plan: components, notable facts, warnings.</summary>
internal static class PlanView
{
    public static void Show(IAnsiConsole console, Plan plan)
    {
        var region = plan.Region is null ? "" : $" in {plan.Region}";
        console.ProseLineInterpolated($"[bold]{plan.Graph.Project}[/], stack [bold]{plan.Graph.Stack}[/]{region}");
        console.WriteLine();
        console.Write(TreeView.Of(plan.Root));
        ClusterView.Show(console, plan);
        CapacityView.Show(console, plan);
        WorkloadView.Show(console, plan.Workloads);
        QuotaView.Show(console, plan.Quotas);
        PolicyView.Show(console, plan.Policies);
        console.WriteLine();
        WarningsView.Show(console, plan.Warnings);
        console.ProseLine(Summary(plan));
    }

    private static string Summary(Plan plan)
    {
        var byPackage = plan.Graph.Resources.Where(resource => resource.IsCustom)
            .CountBy(resource => Package(resource.Type))
            .OrderByDescending(count => count.Value)
            .Select(count => $"{count.Value} {Markup.Escape(count.Key)}{(count is { Key: "provider", Value: > 1 } ? "s" : "")}");
        var makers = plan.Root.Total == 0 ? "" : $" ({string.Join(", ", byPackage)})";
        var components = plan.Graph.Resources.Count(resource => !resource.IsCustom) - 1;
        var mode = plan.Graph.Mode == RunMode.Simulated ? "simulated" : "preview";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[bold green]{Wording.Count(plan.Root.Total, "resource")}[/]{makers} in {Wording.Count(components, "component")}, {Warnings(plan.Warnings.Length)}, {mode} in {plan.Elapsed.TotalSeconds:0.0} s");
    }

    private static string Warnings(int count) => count switch
    {
        0 => "no warnings",
        _ => $"[yellow]{Wording.Count(count, "warning")}[/]",
    };

    private static string Package(string type) => type[..type.IndexOf(':', StringComparison.Ordinal)] switch
    {
        "aws" => "AWS",
        "kubernetes" => "Kubernetes",
        "pulumi" => "provider",
        var other => other,
    };
}
