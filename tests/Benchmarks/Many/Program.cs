using System.Globalization;
using HaCluster.Benchmarks.Many;
using Pulumi;

// The twin of Node/index.js: as many resources as MANY_RESOURCES says, in components of 100, each network with its subnets and objects.
var wanted = int.Parse(Environment.GetEnvironmentVariable("MANY_RESOURCES") ?? "5000", CultureInfo.InvariantCulture);
return await Deployment.RunAsync(() =>
{
    for (var network = 0; network < wanted / Network.ResourceCount; network++)
        _ = new Network($"network-{network}");
});
