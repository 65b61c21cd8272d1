using Scalar.AspNetCore;

namespace HaCluster.Services;

/// <summary>The HTTP interface for programs, <c>/openapi.json</c>, and for people, a page on which it can be tried. Tests hold each document against its service.</summary>
internal static class OpenApiPages
{
    public const string DocumentPath = "/openapi.json";
    public const string PagePath = "/docs";

    /// <summary>Embedded in the program under the name <c>openapi.json</c>.</summary>
    public static Task DocumentAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return typeof(OpenApiPages).Assembly.GetManifestResourceStream("openapi.json")!.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>The page, whose scripts are part of this program: it loads nothing from elsewhere.</summary>
    public static void MapPage(IEndpointRouteBuilder routes, string title) => routes.MapScalarApiReference(
        PagePath, page => page.WithTitle(title).WithOpenApiRoutePattern(DocumentPath).DisableDefaultFonts().HideDeveloperTools().DisableAgent().DisableTelemetry());
}
