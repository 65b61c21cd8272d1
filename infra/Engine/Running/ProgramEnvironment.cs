using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Engine.Graph;

namespace HaCluster.Engine.Running;

/// <summary>Environment of the program: the variables of <c>pulumi-language-dotnet</c>, and placeholders for flags.</summary>
public static class ProgramEnvironment
{
    /// <summary>What a program reads its settings from; it needs no engine for that.</summary>
    public static Dictionary<string, string> Settings(DeploymentRequest request) => new()
    {
        ["PULUMI_PROJECT"] = request.Project,
        ["PULUMI_STACK"] = request.Stack,
        ["PULUMI_CONFIG"] = JsonSerializer.Serialize(request.Config, ConfigContext.Default.IReadOnlyDictionaryStringString),
        ["PULUMI_CONFIG_SECRET_KEYS"] = JsonSerializer.Serialize(request.ConfigSecretKeys, ConfigContext.Default.IReadOnlyCollectionString),
    };

    /// <summary>An empty value means that the variable must not be set, not even inherited.</summary>
    internal static IReadOnlyDictionary<string, string> Variables(DeploymentRequest request, string address) => new Dictionary<string, string>(Settings(request))
    {
        ["PULUMI_MONITOR"] = address,
        ["PULUMI_ENGINE"] = address,
        ["PULUMI_ORGANIZATION"] = request.Organization,
        ["PULUMI_ROOT_DIRECTORY"] = request.RootDirectory,
        ["PULUMI_PWD"] = request.Program.WorkingDirectory,
        ["PULUMI_DRY_RUN"] = DryRun(request),
        ["PULUMI_QUERY_MODE"] = "false",
        ["PULUMI_PARALLEL"] = request.Parallel.ToString(CultureInfo.InvariantCulture),
        ["PULUMI_TRACING"] = "",
        ["PULUMI_ATTACH_DEBUGGER"] = "false",
        ["TRACEPARENT"] = "",
        ["PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
    };

    internal static IReadOnlyDictionary<string, string> Placeholders(DeploymentRequest request, string address) => new Dictionary<string, string>
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

[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
internal sealed partial class ConfigContext : JsonSerializerContext;
