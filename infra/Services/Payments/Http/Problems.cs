using HaCluster.Services;

namespace HaCluster.Payments.Http;

/// <summary>How requests are refused.</summary>
internal static class Problems
{
    private const string TypePrefix = "urn:hacluster:payments:";

    /// <param name="transfer">That it is about, where a request has several.</param>
    public static Task WriteAsync(HttpContext context, int status, string code, string detail, string? transfer = null)
    {
        var response = context.Response;
        if (code == "in-progress")
            response.Headers.RetryAfter = ProblemDocument.RetryAfter;
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        return ProblemDocument.WriteAsync(context, status, TypePrefix + code, Title(status), detail, transfer is null ? null : writer => writer.WriteString("transfer", transfer));
    }

    private static string Title(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "A key is needed",
        StatusCodes.Status403Forbidden => "This is not allowed",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "The method is not allowed",
        StatusCodes.Status429TooManyRequests => "Too many requests",
        StatusCodes.Status409Conflict => "Conflict with the current state",
        StatusCodes.Status503ServiceUnavailable => "Service unavailable; repeat the request",
        _ => "Request refused; nothing was changed",
    };
}
