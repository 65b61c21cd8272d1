using HaCluster.Ledger.Serving;
using Scalar.AspNetCore;

namespace HaCluster.Ledger.OpenApi;

/// <summary>The HTTP interface for programs, <c>/openapi.json</c>, and for people, a page on which it can be tried. A test holds the document against the service.</summary>
internal static class OpenApiPages
{
    public const string DocumentPath = "/openapi.json";
    public const string PagePath = "/docs";

    public static Task DocumentAsync(Exchange exchange)
    {
        exchange.Response.ContentType = "application/json";
        return Document().CopyToAsync(exchange.Response.Body, exchange.Context.RequestAborted);
    }

    /// <summary>The page, whose scripts are part of this program: it loads nothing from elsewhere.</summary>
    public static void UsePage(IApplicationBuilder app) => app.UseRouting().UseEndpoints(endpoints => endpoints.MapScalarApiReference(
        PagePath, page => page.WithTitle("Ledger").WithOpenApiRoutePattern(DocumentPath).DisableDefaultFonts().HideDeveloperTools().DisableAgent().DisableTelemetry()));

    private static Stream Document() => typeof(OpenApiPages).Assembly.GetManifestResourceStream("openapi.json")!;
}
