using Google.Protobuf;
using Grpc.Core;

namespace HaCluster.Engine.Serving;

/// <summary>Answers the calls whose request could be read.</summary>
internal sealed class CallHandler(ICallObserver observer)
{
    // Peers limit the size of headers, commonly to 8 KiB, and up to three bytes of a header carry one of the text.
    private const int MaxDetail = 2_000;

    /// <summary>Marks the call as well-formed, for <see cref="CallObservation"/>.</summary>
    public IMessage Handle(UnaryMethod method, IMessage request, ServerCallContext call)
    {
        CallObservation.RequestWasRead(call.GetHttpContext());
        try
        {
            return method.Call(request);
        }
        catch (RpcException refused)
        {
            throw new RpcException(new Status(refused.StatusCode, Shortened(refused.Status.Detail)));
        }
        catch (Exception defect)
        {
            observer.Violated(call.Method, $"the engine could not handle it: {defect}");
            throw new RpcException(new Status(StatusCode.Internal, Shortened(defect.Message)));
        }
    }

    private static string Shortened(string detail) => detail.Length <= MaxDetail ? detail : detail[..MaxDetail] + "...";
}
