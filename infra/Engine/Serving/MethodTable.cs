using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using HaCluster.Wire;

namespace HaCluster.Engine.Serving;

/// <summary>Makes the methods known to Grpc.AspNetCore, which otherwise finds them in classes that Grpc.Tools generates.</summary>
/// <param name="methods">By path, such as <c>/pulumirpc.Engine/Log</c>.</param>
internal sealed class MethodTable(IReadOnlyDictionary<string, UnaryMethod> methods) : IServiceMethodProvider<CallHandler>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<CallHandler> context)
    {
        foreach (var (path, method) in methods)
        {
            var name = path.Split('/');
            context.AddUnaryMethod(
                new Method<IMessage, IMessage>(MethodType.Unary, name[1], name[2], method.Requests, MessageMarshaller.Writer),
                metadata: [],
                (handler, request, call) => Task.FromResult(handler.Handle(method, request, call)));
        }
    }
}
