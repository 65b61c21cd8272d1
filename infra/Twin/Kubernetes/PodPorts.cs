using System.Collections.Concurrent;
using System.Net;

namespace HaCluster.Twin.Kubernetes;

/// <summary>
/// The TCP servers behind the ports of pods, for <c>pods/portforward</c>: programs of this computer that play the pod's part. They may be added and removed at any time.
/// </summary>
public sealed class PodPorts
{
    private readonly ConcurrentDictionary<(string Namespace, string Pod, int Port), IPEndPoint> _servers = new();

    public void Add(string @namespace, string pod, int port, IPEndPoint server) => _servers[(@namespace, pod, port)] = server;

    public bool Remove(string @namespace, string pod, int port) => _servers.TryRemove((@namespace, pod, port), out _);

    internal IPEndPoint? Find(string @namespace, string pod, int port) => _servers.GetValueOrDefault((@namespace, pod, port));
}
