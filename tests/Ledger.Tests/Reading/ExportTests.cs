using System.Net;
using System.Text.Json;
using HaCluster.Ledger.Tests.Serving;

namespace HaCluster.Ledger.Tests.Reading;

/// <summary>All that a search finds, as a file.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task An_export_has_everything_as_lines_of_JSON_or_CSV()
    {
        await using var service = await TestService.StartAsync();
        await service.StoreAsync(2500);
        await service.UntilAsync("/v1/records?stream=payments&id=p-2499", 1);
        using var answer = await service.Http.GetAsync(new Uri("/v1/records/export?stream=payments", UriKind.Relative));
        Assert.Equal(("application/x-ndjson", "payments.ndjson"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName?.Trim('"')));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal((2501, ""), (lines.Length, lines[^1]));
        Assert.Equal(Enumerable.Range(0, 2500).Select(number => $"p-{number}"), lines[..^1].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
        var csv = await service.Http.GetStringAsync(new Uri("/v1/records/export?stream=payments&q=odd&format=csv", UriKind.Relative));
        Assert.Equal(1250, csv.Split("\r\n").Length - 2);
        Assert.StartsWith("stream,sequence,id,producer,at,time,producerSequence,hash,data\r\npayments,2,p-1,local,", csv, StringComparison.Ordinal);
        Assert.Contains("format is 'xml'; choose ndjson or csv", (await service.GetAsync("/v1/records/export?stream=payments&format=xml")).Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CSV_is_quoted_and_nothing_in_it_is_a_formula()
    {
        await using var service = await TestService.StartAsync();
        await service.PostAsync("""{"stream":"payments","id":"=HYPERLINK(\"http://x\",\"y\")","data":{"a":"1,\"2\"\r\n3"}}""");
        await service.PostAsync("""{"stream":"payments","id":"-5+1","data":{}}""");
        await service.PostAsync("""{"stream":"payments","id":"@ü","data":{}}""");
        await service.UntilAsync("/v1/records?stream=payments", 3);
        var rows = (await service.Http.GetStringAsync(new Uri("/v1/records/export?stream=payments&format=csv", UriKind.Relative))).Split("\r\n");
        Assert.StartsWith("payments,1,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",local,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",\"{\"\"a\"\":\"\"1,\\\"\"2\\\"\"\\r\\n3\"\"}\"", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("payments,2,'-5+1,local,", rows[2], StringComparison.Ordinal);
        Assert.StartsWith("payments,3,'@ü,local,", rows[3], StringComparison.Ordinal);
        Assert.Equal(9, rows[2].Split(',').Length);
    }

    [Fact]
    public async Task An_export_that_the_service_ends_in_the_middle_is_cut_off_and_not_ended()
    {
        await using var service = await TestService.StartAsync();
        var text = new string('x', 50_000);
        // More than the buffers between service and client hold.
        for (var number = 0; number < 800; number += 10)
        {
            var lines = string.Concat(Enumerable.Range(number, 10).Select(one => $$"""{"id":"p-{{one}}","data":{"text":"{{text}}"} }""" + "\n"));
            Assert.Equal(HttpStatusCode.Created, (await service.PostAsync(lines, "application/x-ndjson", path: "/v1/records?stream=payments")).Status);
        }

        await service.UntilAsync("/v1/records?stream=payments&id=p-799", 1);
        using var answer = await service.Http.GetAsync(new Uri("/v1/records/export?stream=payments", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        await service.StopAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_its_export()
    {
        await using var service = await TestService.StartAsync();
        await service.StoreAsync(3);
        await service.UntilAsync("/v1/records?stream=payments", 3);
        for (var number = 0; number < 12; number++)
        {
            using var answer = await service.Http.GetAsync(new Uri("/v1/records/export?stream=payments", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        }

        // There are fewer places than that.
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(new Uri("/v1/records/export?stream=payments", UriKind.Relative))).StatusCode);
    }
}
