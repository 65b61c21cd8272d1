using System.Diagnostics;
using System.Text.Json;

namespace HaCluster.Sentinel.Nodes;

/// <summary>JSON-RPC over HTTP, one call at a time, measured by method.</summary>
internal sealed class JsonRpc(HttpAccess http, NodeMeter meter)
{
    private int _id;

    /// <returns>The result, which lives as long as it is not disposed; <c>null</c> results included.</returns>
    /// <exception cref="RpcException">It did not answer, or with an error.</exception>
    public async Task<RpcResult> CallAsync(string method, CancellationToken cancellationToken, params IEnumerable<object> parameters)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var document = await http.PostAsync("", Request(method, ++_id, parameters), cancellationToken);
            try
            {
                return Result(document);
            }
            catch
            {
                document.Dispose();
                throw;
            }
        }
        catch (RpcException exception)
        {
            // A method that not every client has is not a failure of the node.
            if (!exception.IsUnknownMethod)
                meter.Failed(exception.Fault);
            throw;
        }
        finally
        {
            meter.Called(method, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>Null where the node does not know the method.</summary>
    public async Task<RpcResult?> TryAsync(string method, CancellationToken cancellationToken, params IEnumerable<object> parameters)
    {
        try
        {
            return await CallAsync(method, cancellationToken, parameters);
        }
        catch (RpcException exception) when (exception.Fault == RpcFault.Refused)
        {
            return null;
        }
    }

    private static RpcResult Result(JsonDocument document)
    {
        var root = document.RootElement;
        if (root.Optional("error") is { } error)
        {
            var message = error.Optional("message") is { ValueKind: JsonValueKind.String } text ? Printable(text.AsText("message", int.MaxValue)) : "an error without a message";
            int? code = error.Optional("code") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;
            throw new RpcException(RpcFault.Refused, $"it returned an error: {(message.Length > 200 ? message[..200] : message)}", code);
        }

        return new RpcResult(document, root.Member("result"));
    }

    /// <summary>It goes into a log: one line, and nothing that a terminal would act on.</summary>
    private static string Printable(string text) => string.Concat(text.Select(one => char.IsControl(one) ? ' ' : one));

    private static byte[] Request(string method, int id, IEnumerable<object> parameters)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            // btcd reads 1.0 requests only under this version when it is absent; with 2.0 both read it (rpcserver.go).
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", id);
            json.WriteString("method", method);
            json.WriteStartArray("params");
            foreach (var parameter in parameters)
            {
                if (parameter is bool flag)
                    json.WriteBooleanValue(flag);
                else
                    json.WriteStringValue((string)parameter);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}

internal sealed class RpcResult(JsonDocument document, JsonElement value) : IDisposable
{
    public JsonElement Value => value;

    public void Dispose() => document.Dispose();
}
