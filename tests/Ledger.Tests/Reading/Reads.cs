using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using HaCluster.Ledger.Tests.Serving;

namespace HaCluster.Ledger.Tests.Reading;

/// <summary>Records in a service, and questions to it.</summary>
internal static class Reads
{
    public static async Task StoreAsync(this TestService service, int count)
    {
        var lines = string.Concat(Enumerable.Range(0, count).Select(number =>
            $$"""{"id":"p-{{number}}","time":"{{new DateTime(2026, 1, 31, 12, 0, 0).AddSeconds(number):yyyy-MM-dd'T'HH:mm:ss}}Z","data":{"n":{{number}},"kind":"{{(number % 2 == 1 ? "odd" : "even")}}","currency":"EUR"} }""" + "\n"));
        Assert.Equal(HttpStatusCode.Created, (await service.PostAsync(lines, "application/x-ndjson", path: "/v1/records?stream=payments")).Status);
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(this TestService service, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await service.Http.SendAsync(request);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement);
    }

    public static async Task<JsonElement> UntilAsync(this TestService service, string path, int count, string? token = null)
    {
        JsonElement body = default;
        await Waiting.UntilAsync(
            $"{path} has {count} records",
            async () => (body = (await service.GetAsync(path, token)).Body).TryGetProperty("records", out var records) && records.GetArrayLength() == count,
            () => body.ToString() + service.Log);
        return body;
    }
}
