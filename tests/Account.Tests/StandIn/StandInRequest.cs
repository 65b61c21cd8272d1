using System.Text.Json;

namespace HaCluster.Account.Tests.StandIn;

/// <summary>A request as the stand-in saw it.</summary>
public sealed record StandInRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The operation: of <c>X-Amz-Target</c>, of the form, or the path.</summary>
    public string Operation =>
        Headers.GetValueOrDefault("X-Amz-Target")?.Split('.')[^1]
        ?? Body.Split('&').FirstOrDefault(entry => entry.StartsWith("Action=", StringComparison.Ordinal))?["Action=".Length..]
        ?? Path;

    /// <summary>The service and region that it is signed for.</summary>
    public (string Region, string Service) SignedFor =>
        Headers["Authorization"].Split("Credential=")[1].Split(',')[0].Split('/') is [_, _, var region, var service, ..] ? (region, service) : ("", "");

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>What the stand-in says.</summary>
public sealed record StandInAnswer(int Status, string ContentType, string Body)
{
    public static StandInAnswer Json(string body, int status = 200) => new(status, "application/x-amz-json-1.1", body);

    public static StandInAnswer Xml(string body, int status = 200) => new(status, "text/xml", body);

    public static StandInAnswer Html(int status) => new(status, "text/html", "<!DOCTYPE html><html><body>a proxy's page</body>");

    public static StandInAnswer Error(string code, int status = 400) => Json($$"""{"__type":"{{code}}","message":"because"}""", status);
}
