using HaCluster.Stack;
using HaCluster.Stack.Settings;
using Pulumi;

// `ha schema` and `ha explain` ask what can be set.
if (args is [StackSettings.SchemaArgument])
{
    await Console.Out.WriteAsync(StackSettings.SchemaText());
    return 0;
}

// `ha validate` asks whether the settings in the environment can be used.
if (args is [SettingsSource.CheckArgument])
{
    await Console.Out.WriteLineAsync(SettingsSource.CheckText());
    return 0;
}

// A Pulumi engine hands its address to the program in the environment; without one there is nobody to declare resources to.
if (Environment.GetEnvironmentVariable("PULUMI_MONITOR") is null or "")
{
    await Console.Error.WriteLineAsync(
        "This program declares the cluster to a Pulumi engine and does nothing on its own. "
        + "Run `pulumi up` in the folder of Pulumi.yaml, or `dotnet run --project infra/Cli` to see the plan without an account.");
    return ExitCodes.NoEngine;
}

return await Deployment.RunAsync<HaClusterStack>();
