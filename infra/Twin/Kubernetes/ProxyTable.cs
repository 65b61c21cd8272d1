using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes;

/// <summary>
/// What answers behind the server's proxy, one handler per service or pod and port. A handler sees the path after <c>/proxy</c>; it may be added and removed at any time.
/// </summary>
public sealed class ProxyTable
{
    private readonly ConcurrentDictionary<ProxyTarget, RequestDelegate> _handlers = new();

    /// <param name="port">The number or name that callers write after the colon; empty when they write none.</param>
    public void AddService(string @namespace, string name, string port, RequestDelegate handler) => _handlers[new("services", @namespace, name, port)] = handler;

    /// <inheritdoc cref="AddService"/>
    public void AddPod(string @namespace, string name, string port, RequestDelegate handler) => _handlers[new("pods", @namespace, name, port)] = handler;

    public bool Remove(ProxyTarget target) => _handlers.TryRemove(target, out _);

    internal RequestDelegate? Find(ProxyTarget target) => _handlers.GetValueOrDefault(target);
}

/// <param name="Resource"><c>services</c> or <c>pods</c>.</param>
public readonly record struct ProxyTarget(string Resource, string Namespace, string Name, string Port);
