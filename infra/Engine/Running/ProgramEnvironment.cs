using System.Globalization;
using System.Text.Json;
using HaCluster.Engine.Graph;

namespace HaCluster.Engine.Running;

/// <summary>Environment of the program: the variables of <c>pulumi-language-dotnet</c>, and placeholders for flags.</summary>
internal static class ProgramEnvironment
{
    /// <summary>An empty value means that the variable must not be set, not even inherited.</summary>
    public static IReadOnlyDictionary<string, string> Variables(DeploymentRequest request, string address) => new Dictionary<string, string>
    {
        ["PULUMI_MONITOR"] = address,
        ["PULUMI_ENGINE"] = address,
        ["PULUMI_ORGANIZATION"] = request.Organization,
        ["PULUMI_PROJECT"] = request.Project,
        ["PULUMI_STACK"] = request.Stack,
        ["PULUMI_ROOT_DIRECTORY"] = request.RootDirectory,
        ["PULUMI_PWD"] = request.Program.WorkingDirectory,
        ["PULUMI_DRY_RUN"] = DryRun(request),
        ["PULUMI_QUERY_MODE"] = "false",
        ["PULUMI_PARALLEL"] = request.Parallel.ToString(CultureInfo.InvariantCulture),
        ["PULUMI_TRACING"] = "",
        ["PULUMI_CONFIG"] = JsonSerializer.Serialize(request.Config),
        ["PULUMI_CONFIG_SECRET_KEYS"] = JsonSerializer.Serialize(request.ConfigSecretKeys),
        ["PULUMI_ATTACH_DEBUGGER"] = "false",
        ["TRACEPARENT"] = "",
        ["PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
    };

    public static IReadOnlyDictionary<string, string> Placeholders(DeploymentRequest request, string address) => new Dictionary<string, string>
    {
        ["monitor"] = address,
        ["engine"] = address,
        ["organization"] = request.Organization,
        ["project"] = request.Project,
        ["stack"] = request.Stack,
        ["dryRun"] = DryRun(request),
        ["parallel"] = request.Parallel.ToString(CultureInfo.InvariantCulture),
    };

    private static string DryRun(DeploymentRequest request) => request.Mode == RunMode.Preview ? "true" : "false";
}
