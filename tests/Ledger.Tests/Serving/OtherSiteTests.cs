using System.Net;

namespace HaCluster.Ledger.Tests.Serving;

/// <summary>A page that is open in a browser of the computer on which the ledger runs without producers.</summary>
public sealed class OtherSiteTests
{
    [Theory]
    [InlineData("cross-site", false)]
    [InlineData("same-site", false)]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    public async Task Without_producers_a_page_of_another_site_can_neither_search_nor_ask_for_work(string site, bool isAnswered)
    {
        await using var service = await TestService.StartAsync();
        await service.PostAsync("""{"stream":"payments","id":"a","data":{}}""");
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/v1/records?stream=payments"), (HttpMethod.Post, "/v1/streams/payments/verification"), (HttpMethod.Post, "/v1/dead-letters/replay?stream=payments"), (HttpMethod.Get, "/") })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Sec-Fetch-Site", site);
            using var answer = await service.Http.SendAsync(request);
            Assert.Equal((path, isAnswered), (path, answer.StatusCode != HttpStatusCode.Forbidden));
        }

        // A search that is answered is a record.
        Assert.Equal(isAnswered, (await service.LinesAsync("audit")).Count > 0);
    }
}
