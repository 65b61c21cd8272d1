using HaCluster.WireTwin.Scenarios;
using Pulumi;

// Each scenario has a twin of the same name in Node/, written for the official Node SDK; both must send the same requests.
var scenarios = new Dictionary<string, Func<IDictionary<string, object?>>>
{
    ["aliases"] = Aliases.Declare,
    ["applyThrows"] = Failures.ApplyThrows,
    ["assets"] = Assets.Declare,
    ["components"] = Components.Declare,
    ["config"] = Configuration.Declare,
    ["configMissing"] = Configuration.Missing,
    ["dependencies"] = Dependencies.Declare,
    ["enums"] = Enums.Declare,
    ["invokeFails"] = Failures.InvokeFails,
    ["invokes"] = Invokes.Declare,
    ["logs"] = Logs.Declare,
    ["options"] = Options.Declare,
    ["outputs"] = StackOutputs.Declare,
    ["programThrows"] = Failures.ProgramThrows,
    ["providers"] = Providers.Declare,
    ["reads"] = Reads.Declare,
    ["registrationFails"] = Failures.RegistrationFails,
    ["secrets"] = Secrets.Declare,
    ["transformations"] = Transformations.Declare,
    ["unknowns"] = Unknowns.Declare,
    ["values"] = Values.Declare,
};

var name = Environment.GetEnvironmentVariable("TWIN_SCENARIO") ?? "";
return scenarios.TryGetValue(name, out var declare)
    ? await Deployment.RunAsync(declare)
    : throw new ArgumentException($"TWIN_SCENARIO is '{name}'; scenarios are {string.Join(", ", scenarios.Keys)}");
