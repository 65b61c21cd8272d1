using System.Management.Automation;
using System.Text.Json.Nodes;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Stacks;

/// <summary>Shows the outputs of a deployed stack. Secrets are shown as [secret].</summary>
/// <example>
/// <para>All outputs.</para>
/// <code>Get-HaStackOutput staging</code>
/// </example>
/// <example>
/// <para>One value, for kubectl.</para>
/// <code>Get-HaStackOutput staging -Output kubeconfig | Set-Content kubeconfig</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaStackOutput")]
[OutputType(typeof(PSObject))]
public sealed class GetHaStackOutputCommand : StackCmdlet
{
    /// <summary>Name of one output; its value alone is written.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Output { get; set; }

    protected override async Task ProcessAsync()
    {
        ShowProgress($"Get-HaStackOutput {Stack}", "pulumi stack output");
        var outputs = await Beside(token => ClusterEngine.PulumiIn(Project().Directory).ReadOutputsAsync(Stack, token));
        EndProgress();
        if (Output is null)
        {
            WriteObject(Value(outputs));
            return;
        }

        if (!outputs.TryGetPropertyValue(Output, out var one))
        {
            throw new HaClusterException(
                FailureKind.NotFound, "pulumi stack output", $"output {Output}", $"stack {Stack} has no such output", Advice.Available(outputs.Select(entry => entry.Key), "The stack has no outputs: deploy it first"));
        }

        WriteObject(Value(one), enumerateCollection: true);
    }

    private static object? Value(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var shown = new PSObject();
                foreach (var (name, value) in map)
                    shown.Properties.Add(new PSNoteProperty(name, Value(value)));
                return shown;
            case JsonArray list:
                return list.Select(Value).ToArray();
            case JsonValue value when value.TryGetValue<string>(out var text):
                return text;
            case JsonValue value when value.TryGetValue<bool>(out var flag):
                return flag;
            case JsonValue value when value.TryGetValue<long>(out var whole):
                return whole;
            case JsonValue value:
                return value.GetValue<double>();
            default:
                return null;
        }
    }
}
