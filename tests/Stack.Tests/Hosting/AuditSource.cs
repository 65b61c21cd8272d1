using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HaCluster.Stack.Tests.Hosting;

/// <summary>
/// A NuGet source on loopback that has nothing but one advisory, on every version of one package
/// (https://learn.microsoft.com/nuget/api/vulnerability-info).
/// </summary>
internal sealed class AuditSource : IAsyncDisposable
{
    private const int High = 2;

    private readonly WebApplication _application;

    private AuditSource(WebApplication application) => _application = application;

    public string Address => $"{_application.Urls.Single()}/index.json";

    public static async Task<AuditSource> StartAsync(string package)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.MapGet("/index.json", (HttpRequest request) => Results.Json(new Dictionary<string, object>
        {
            ["version"] = "3.0.0",
            ["resources"] = new[] { new Dictionary<string, string> { ["@id"] = At(request, "pages.json"), ["@type"] = "VulnerabilityInfo/6.7.0" } },
        }));
        application.MapGet("/pages.json", (HttpRequest request) => Results.Json(new[]
        {
            new Dictionary<string, string> { ["@name"] = "all", ["@id"] = At(request, "all.json"), ["@updated"] = "2026-01-01T00:00:00Z" },
        }));
        application.MapGet("/all.json", () => Results.Json(new Dictionary<string, object>
        {
            [package.ToLowerInvariant()] = new[] { new { url = "https://example.com/advisory", severity = High, versions = "(, )" } },
        }));
        await application.StartAsync();
        return new AuditSource(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static string At(HttpRequest request, string file) => $"http://{request.Host}/{file}";
}
