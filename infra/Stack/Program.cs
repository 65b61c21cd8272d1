using HaCluster.Stack;
using HaCluster.Stack.Settings;
using Pulumi;

// `ha schema` and `ha explain` read the schema of the settings.
if (args is [StackSettings.SchemaArgument])
{
    await Console.Out.WriteAsync(StackSettings.SchemaText());
    return 0;
}

// `ha validate` checks the settings in the environment.
if (args is [SettingsSource.CheckArgument])
{
    await Console.Out.WriteLineAsync(SettingsSource.CheckText());
    return 0;
}

// A Pulumi engine passes its address in the environment; without one, the program cannot declare resources.
if (Environment.GetEnvironmentVariable("PULUMI_MONITOR") is null or "")
{
    await Console.Error.WriteLineAsync(
        "This program declares the cluster to a Pulumi engine and does nothing on its own. "
        + "Run `pulumi up` in the folder of Pulumi.yaml, or `dotnet run --project infra/Cli` to see the plan without an account.");
    return ExitCodes.NoEngine;
}

return await Deployment.RunAsync<HaClusterStack>();
