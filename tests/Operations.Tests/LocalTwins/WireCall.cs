using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>A request that a twin received, of either API.</summary>
/// <param name="Text">What it asks for and of what: the same for the same change, whichever process asks.</param>
/// <param name="IsChange">It is no read.</param>
/// <param name="Uid">Of the pod that an eviction names, so that it is not that of a successor of the same name.</param>
/// <param name="IsOwn">It keeps the operation's own lease or record, and changes nothing that the operation is about.</param>
internal sealed record WireCall(string Text, bool IsAws, bool IsChange, bool IsOwn, bool IsWatch, string Uid = "")
{
    private static readonly string[] Reads = ["Describe", "Get", "List"];

    /// <summary>Followed by the id of the operation, which no two have in common.</summary>
    private const string Record = "namespaces/ha-cluster/configmaps/operation";

    /// <summary>What a query of AWS is about.</summary>
    private static readonly string[] Subjects = ["DBClusterIdentifier", "InstanceId", "InstanceId.1", "AutoScalingGroupName"];

    public override string ToString() => Text;

    public static async Task<WireCall> ReadAsync(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-", StringComparison.Ordinal))
        {
            var call = OfKubernetes(request);
            return call.Text.EndsWith("/eviction", StringComparison.Ordinal)
                ? call with { Uid = JsonNode.Parse(await BodyAsync(request))?["deleteOptions"]?["preconditions"]?["uid"]?.GetValue<string>() ?? "" }
                : call;
        }
        return OfAws(authorization.Split('/')[3], request, await BodyAsync(request));
    }

    private static async Task<string> BodyAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return body;
    }

    private static WireCall OfKubernetes(HttpRequest request)
    {
        var path = request.Path.Value!;
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // Without api/v1 or apis/GROUP/VERSION.
        var name = string.Join('/', parts.Skip(parts[0] == "api" ? 2 : 3));
        var isRead = request.Method == "GET" || name.EndsWith("reviews", StringComparison.Ordinal);
        var isRecord = name.StartsWith(Record, StringComparison.Ordinal);
        return new WireCall(
            $"{request.Method} {(isRecord ? Record : name)}", IsAws: false, !isRead,
            IsOwn: isRecord || name == "namespaces" || name.StartsWith("namespaces/ha-cluster/", StringComparison.Ordinal),
            IsWatch: request.Query["watch"] is ["true" or "1"]);
    }

    private static WireCall OfAws(string service, HttpRequest request, string body)
    {
        if (request.Headers["X-Amz-Target"] is [{ } target])
            return Aws(target.Split('.')[^1], "");
        if (body.StartsWith("Action=", StringComparison.Ordinal) || body.Contains("&Action=", StringComparison.Ordinal))
        {
            var form = body.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
            return Aws(form["Action"], Subjects.Select(form.GetValueOrDefault).FirstOrDefault(value => value is not null) ?? "");
        }
        var subject = request.Method == "POST" ? JsonNode.Parse(body)?["resourceIdentifier"]?.GetValue<string>().Split('/')[^1] : null;
        return new WireCall($"{service} {request.Method} {request.Path}{(subject is null ? "" : $" {subject}")}", IsAws: true, request.Method != "GET", IsOwn: false, IsWatch: false);

        WireCall Aws(string operation, string of) => new(
            $"{service} {operation} {of}".TrimEnd(), IsAws: true, !Reads.Any(read => operation.StartsWith(read, StringComparison.Ordinal)), IsOwn: false, IsWatch: false);
    }
}
