extern alias program;

using System.Reflection;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Modelling.Charts;
using HaCluster.Planning.Tests.Graphs;
using HaCluster.Simulation.Model;
using program::HaCluster.Stack.Software;

namespace HaCluster.Planning.Tests.Modelling;

public sealed class ChartCatalogTests
{
    [Fact]
    public void Every_chart_that_the_program_pins_is_modelled()
    {
        var pinned = typeof(Pins).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<Chart>()
            .Select(chart => chart.Name.Split('/')[^1])
            .Append("cluster-autoscaler")
            .ToList();
        Assert.True(pinned.Count > 10);
        Assert.All(pinned, chart => Assert.True(ChartCatalog.All.Any(model => model.Chart == chart), $"Modelling/Charts has no model of the chart {chart}"));
    }

    [Fact]
    public void A_chart_that_is_not_is_reported_and_the_rest_goes_on()
    {
        var model = Model("somebodys-chart", new { });
        Assert.Contains(model.Unknown, unknown => unknown.Subject == "chart platform/one" && unknown.Reason.Contains("helm template", StringComparison.Ordinal));
    }

    [Fact]
    public void Silent_values_are_the_charts_own()
    {
        var model = Model("aws-load-balancer-controller", new { });
        var controller = Assert.Single(model.Workloads);
        Assert.Equal("platform/one-aws-load-balancer-controller", controller.Id);
        Assert.Equal((2, "system-cluster-critical", TimeSpan.FromSeconds(10)), (controller.Replicas, controller.Pods.PriorityClass, controller.Pods.GracePeriod));
        Assert.Equal(100, Assert.Single(controller.Pods.Affinity.PreferredApart).Weight);
        Assert.Empty(model.Budgets);
    }

    [Fact]
    public void Null_takes_a_default_away_and_maps_are_merged()
    {
        var model = Model("cluster-autoscaler", new { priorityClassName = (string?)null, podDisruptionBudget = new { minAvailable = 1 } });
        Assert.Null(Assert.Single(model.Workloads).Pods.PriorityClass);
        var budget = Assert.Single(model.Budgets);
        Assert.Equal((new IntOrPercent(1, false), new IntOrPercent(1, false)), (budget.MinAvailable, budget.MaxUnavailable));
    }

    [Fact]
    public void Jobs_of_a_runner_are_counted_at_their_most()
    {
        const string Config = """
            [[runners]]
              [runners.kubernetes]
                priority_class_name = "batch"
                cpu_request = "1"
                memory_limit = "4Gi"
                helper_cpu_request = "100m"
                service_cpu_request = "500m"
            """;
        var model = Model("gitlab-runner", new { fullnameOverride = "gitlab-runner", replicas = 2, concurrent = 3, runners = new { config = Config } });
        var jobs = model.Workloads.Single(workload => workload.Kind == WorkloadKind.Job);
        Assert.Equal(("platform/gitlab-runner-jobs", 6, 1600L, "batch"), (jobs.Id, jobs.Replicas, jobs.Pods.Requests.MilliCpu, jobs.Pods.PriorityClass));
        Assert.Equal(4L << 30, jobs.Pods.Requests.MemoryBytes);
        Assert.Contains(model.Assumptions, assumption => assumption.Contains("GitLab runner", StringComparison.Ordinal));
        Assert.StartsWith("no PriorityClass with name batch was found", jobs.Refused, StringComparison.Ordinal);
    }

    private static ClusterModel Model(string chart, object values)
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:helm.sh/v3:Release", "one", new { name = "one", @namespace = "platform", chart, version = "1.0.0", values });
        return ClusterModelReader.Of(graph.Build(), Settings.Of());
    }
}
