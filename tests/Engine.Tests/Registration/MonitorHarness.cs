using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Invokes;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Serving;
using HaCluster.Engine.Session;
using HaCluster.Engine.Validation;
using HaCluster.Engine.Values;
using HaCluster.Wire;

namespace HaCluster.Engine.Tests.Registration;

/// <summary>The resource monitor of one run without a process or a server around it; the stack is registered.</summary>
internal sealed class MonitorHarness
{
    public MonitorHarness(RunMode mode = RunMode.Preview, string? region = "eu-central-1")
    {
        Context = new DeploymentContext(
            new DeploymentRequest
            {
                Program = new ProgramStart("none", [], "."),
                Project = "project",
                Stack = "dev",
                RootDirectory = ".",
                Mode = mode,
                Config = region is null ? [] : new Dictionary<string, string> { ["aws:region"] = region },
            },
            SchemaCatalog.Embedded,
            null);
        Activity = new ActivityMonitor(Context.Diagnostics);
        var validator = new ResourceValidator(Context.Catalog);
        var synthesizer = new OutputSynthesizer(Context, validator);
        Registrar = new Registrar(Context, validator, synthesizer, Activity);
        Reader = new Reader(Context, validator, synthesizer, Activity);
        Invoker = new Invoker(Context, validator, new FunctionTable(), Activity);
        Methods = new MonitorServices(Context, Registrar, Reader, Invoker, Activity).Methods;
        Registrar.Register(new RegisterResourceRequest { Type = ResourceUrn.StackType, Name = "project-dev" });
    }

    public DeploymentContext Context { get; }

    public ActivityMonitor Activity { get; }

    public Registrar Registrar { get; }

    public Reader Reader { get; }

    public Invoker Invoker { get; }

    /// <summary>All that the engine answers, by path.</summary>
    public IReadOnlyDictionary<string, UnaryMethod> Methods { get; }

    public string StackUrn => Context.StackUrn;

    public RegisterResourceRequest Custom(string type, string name, params (string Name, PropertyValue Value)[] inputs) => new()
    {
        Type = type,
        Name = name,
        Parent = StackUrn,
        Custom = true,
        AcceptSecrets = true,
        Object = Struct(inputs),
    };

    public RegisterResourceRequest Component(string name) => new() { Type = "my:index:Component", Name = name, Parent = StackUrn };

    public ResourceNode Register(RegisterResourceRequest request) => Context.Resources.Find(Registrar.Register(request).Urn)!;

    public string Refusal(RegisterResourceRequest request) => Assert.Throws<RpcException>(() => Registrar.Register(request)).Status.Detail;

    public ResourceInvokeResponse Invoke(string token, params (string Name, PropertyValue Value)[] arguments) =>
        Invoker.Invoke(new ResourceInvokeRequest { Tok = token, Args = Struct(arguments) });

    public static PropertyValue Text(string text) => new PropertyValue.Text(text);

    /// <summary>What no runtime sends: a value that is marked as special, in a way that there is not.</summary>
    public static Value Malformed => Value.ForStruct(new Struct { Fields = { [Signatures.Key] = Value.ForString("no such signature") } });

    public static PropertyValue Json(string json) => PropertyValueJson.TryParse(json)!;

    private static Struct Struct((string Name, PropertyValue Value)[] properties) =>
        PropertyValueWriter.Write(properties.Select(property => KeyValuePair.Create(property.Name, property.Value)));
}
