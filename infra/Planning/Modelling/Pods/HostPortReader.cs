using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Pods;

/// <summary>Host ports of a pod: of containers and sidecars, as the scheduler reads them.</summary>
internal static class HostPortReader
{
    private const string EveryAddress = "0.0.0.0";

    public static ImmutableArray<HostPort> Read(PropertyValue? podSpec)
    {
        // On the host network every container port is a host port: the API server sets hostPort.
        var isOnHost = podSpec.At("hostNetwork").IsTrue();
        return
        [
            .. podSpec.At("containers").Items()
                .Concat(podSpec.At("initContainers").Items().Where(container => container.At("restartPolicy").Text() == "Always"))
                .SelectMany(container => container.At("ports").Items())
                .Select(port => (Port: port, Number: port.At("hostPort").Integer() ?? (isOnHost ? port.At("containerPort").Integer() : null) ?? 0))
                .Where(entry => entry.Number > 0)
                .Select(entry => new HostPort(
                    entry.Number, entry.Port.At("protocol").Text() ?? "TCP", entry.Port.At("hostIP").Text() is { Length: > 0 } address ? address : EveryAddress))
                .Distinct(),
        ];
    }
}
