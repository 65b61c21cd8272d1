using Google.Protobuf.WellKnownTypes;
using HaCluster.Wire;

namespace HaCluster.Engine.Peer;

/// <summary>The calls of a runtime, one method each.</summary>
internal sealed class Deployment
{
    private readonly UnaryClient _monitor = new(Variable("PULUMI_MONITOR"), Services.ResourceMonitor);
    private readonly UnaryClient _engine = new(Variable("PULUMI_ENGINE"), Services.Engine);

    public static string StackUrn =>
        $"urn:pulumi:{Variable("PULUMI_STACK")}::{Variable("PULUMI_PROJECT")}::pulumi:pulumi:Stack::{Variable("PULUMI_PROJECT")}-{Variable("PULUMI_STACK")}";

    public static string Variable(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set");

    public Task RegisterStackAsync() => RegisterAsync(new RegisterResourceRequest
    {
        Type = "pulumi:pulumi:Stack",
        Name = $"{Variable("PULUMI_PROJECT")}-{Variable("PULUMI_STACK")}",
    });

    public Task<RegisterResourceResponse> RegisterVpcAsync(string name, string property = "cidrBlock", string value = "10.0.0.0/16") =>
        RegisterAsync(new RegisterResourceRequest
        {
            Type = "aws:ec2/vpc:Vpc",
            Name = name,
            Parent = StackUrn,
            Custom = true,
            AcceptSecrets = true,
            Object = new Struct { Fields = { [property] = Value.ForString(value) } },
        });

    public Task<RegisterResourceResponse> RegisterAsync(RegisterResourceRequest request) =>
        _monitor.CallAsync("RegisterResource", request, RegisterResourceResponse.Parser);

    public Task RegisterOutputsAsync(params (string Name, string Value)[] outputs)
    {
        var request = new RegisterResourceOutputsRequest { Urn = StackUrn, Outputs = new Struct() };
        foreach (var (name, value) in outputs)
            request.Outputs.Fields[name] = Value.ForString(value);
        return _monitor.CallAsync("RegisterResourceOutputs", request, Empty.Parser);
    }

    public Task SignalAsync() => _monitor.CallAsync("SignalAndWaitForShutdown", new Empty(), Empty.Parser);

    public Task LogAsync(LogSeverity severity, string message) =>
        _engine.CallAsync("Log", new LogRequest { Severity = severity, Message = message }, Empty.Parser);
}
