using HaCluster.Payments.Http;
using HaCluster.Payments.Idempotency;
using HaCluster.Payments.Serving;
using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace HaCluster.Payments.Tests.Serving;

/// <summary>What a key of a request stands for.</summary>
public sealed class IdempotentTests : OwnStore
{
    private Database _database = null!;

    public override async Task InitializeAsync() => _database = await OpenAsync();

    [Fact]
    public async Task The_same_body_is_another_request_elsewhere_and_two_keys_are_none()
    {
        var done = 0;
        await AskAsync("/one", "k");
        await AskAsync("/one", "k");
        Assert.Equal(1, done);
        Assert.Equal("key-reused", (await Assert.ThrowsAsync<RefusedException>(() => AskAsync("/two", "k"))).Code);
        Assert.Equal("no-idempotency-key", (await Assert.ThrowsAsync<RefusedException>(() => AskAsync("/one", new StringValues(["a", "b"])))).Code);
        Assert.Equal(1, done);

        Task AskAsync(string path, StringValues key)
        {
            var context = new DefaultHttpContext { Request = { Method = "POST", Path = path } };
            context.Request.Headers["Idempotency-Key"] = key;
            return new Idempotent(_database, new IdempotencyKeys(_database, new ManualClock(TestTransfers.Now))).AnswerAsync(context, new { Amount = "1" }, _ => Task.FromResult<object>(new { Done = ++done }));
        }
    }
}
