using System.Globalization;

namespace HaCluster.Operations.Kubernetes;

/// <content>Connections to the ports of pods.</content>
public sealed partial class KubernetesApi
{
    public async Task<Stream> ForwardAsync(string @namespace, string pod, int port, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Kinds.Pods.Path(@namespace, pod, "portforward")}?ports={port}");
        // A WebSocket opens with GET; the permission is to create (https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb).
        var call = new Call(HttpMethod.Get, path, "create pods/portforward", Target(Kinds.Pods, @namespace, pod), Options.RequestTimeout, true);
        return new PodPortStream(await _wire.ConnectAsync(call, PodPortStream.Protocol, cancellationToken));
    }
}
