using System.Net;
using HaCluster.Payments.Tests.Peers;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>An audit of everything reads for long: one of them at a time.</summary>
[Collection(StoreCollection.Name)]
public sealed class FullAuditTests(PostgreSql postgreSql)
{
    [SkippableFact]
    public async Task A_second_full_audit_is_refused_until_the_first_has_ended()
    {
        await using var service = await TestService.StartAsync(await postgreSql.CreateAsync());
        await service.AddWalletAsync();
        var isOver = new TaskCompletionSource();
        var isHeld = new TaskCompletionSource();
        // Until this ends nobody reads postings.
        var holding = service.Service.Database.ChangeAsync(async session =>
        {
            await session.ExecuteAsync("lock table postings in access exclusive mode");
            isHeld.SetResult();
            await isOver.Task;
        });
        await isHeld.Task;
        var audits = Enumerable.Range(0, 2).Select(_ => service.SendAsync(HttpMethod.Get, "/v1/audit?full=true")).ToArray();
        var (status, problem, _) = await await Task.WhenAny(audits);
        Assert.Equal((HttpStatusCode.Conflict, "urn:hacluster:payments:audit-running"), (status, problem.GetProperty("type").GetString()));
        isOver.SetResult();
        await holding;
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], (await Task.WhenAll(audits)).Select(audit => audit.Status).Order());
        Assert.True((await service.GetAsync("/v1/audit?full=true")).GetProperty("balanced").GetBoolean());
    }
}
