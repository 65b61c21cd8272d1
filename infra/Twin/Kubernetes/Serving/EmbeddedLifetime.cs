using Microsoft.Extensions.Hosting;

namespace HaCluster.Twin.Kubernetes.Serving;

/// <summary>A server inside another program leaves Ctrl+C to that program; the default one would take it.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
