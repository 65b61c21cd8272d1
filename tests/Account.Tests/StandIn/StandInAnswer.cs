namespace HaCluster.Account.Tests.StandIn;

/// <summary>What the stand-in says.</summary>
public sealed record StandInAnswer(int Status, string ContentType, string Body)
{
    public static StandInAnswer Json(string body, int status = 200) => new(status, "application/x-amz-json-1.1", body);

    public static StandInAnswer Xml(string body, int status = 200) => new(status, "text/xml", body);

    public static StandInAnswer Html(int status) => new(status, "text/html", "<!DOCTYPE html><html><body>a proxy's page</body>");

    public static StandInAnswer Error(string code, int status = 400) => Json($$"""{"__type":"{{code}}","message":"because"}""", status);
}
