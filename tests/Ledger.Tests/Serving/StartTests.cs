using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Serving;

public sealed class StartTests
{
    [Fact]
    public async Task An_archive_that_never_answers_does_not_hold_up_the_start_nor_the_end()
    {
        // It takes connections and says nothing; the client would wait forever.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret"),
            new AmazonS3Config { ServiceURL = $"http://{silent.LocalEndpoint}", AuthenticationRegion = "us-east-1", ForcePathStyle = true, MaxErrorRetry = 0, Timeout = Timeout.InfiniteTimeSpan });
        await using var service = await TestService.StartAsync(archive: new S3Archive(s3, "finance", "", null, TimeProvider.System)).WaitAsync(Waiting.Limit);
        var (status, body, answer) = await service.PostAsync("""{"stream":"payments","id":"a","data":{}}""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the archive has not been read yet"), (status, body.GetProperty("detail").GetString()));
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(new Uri("/live", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Http.GetAsync(new Uri("/ready", UriKind.Relative))).StatusCode);
        await service.StopAsync().WaitAsync(Waiting.Limit);
    }

    [Fact]
    public async Task Only_its_owner_reads_the_data_folder_that_the_service_makes()
    {
        using var scratch = new Scratch();
        await using var service = await TestService.StartAsync(change: options => options with { Data = scratch.At("data") });
        foreach (var folder in new[] { "data", "data/spool" })
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(scratch.At(folder)));
        }
    }

    [Fact]
    public async Task An_archive_that_is_away_at_the_start_is_in_the_metrics_until_it_is_back()
    {
        using var scratch = new Scratch();
        var archive = new FaultyArchive(new FolderArchive(scratch.At("archive"))) { IsAway = true };
        await using var service = await TestService.StartAsync(archive: archive);
        await UntilAwayIsAsync(1);

        archive.IsAway = false;

        await UntilAwayIsAsync(0);
        Assert.Contains("\"event\":\"archive-back\"", service.Log, StringComparison.Ordinal);

        Task UntilAwayIsAsync(int value) => Waiting.UntilAsync(
            $"the archive is {(value == 1 ? "away" : "back")}",
            async () => (await service.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains($"ledger_archive_away{{stream=\"\"}} {value}\n", StringComparison.Ordinal), () => service.Log);
    }
}
