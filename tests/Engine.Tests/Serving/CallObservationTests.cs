using HaCluster.Engine.Serving;
using HaCluster.Wire;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Engine.Tests.Serving;

public sealed class CallObservationTests
{
    private const string Path = "/test.Service/Echo";

    [Fact]
    public async Task A_large_message_waits_for_another_and_small_ones_pass()
    {
        using var gate = new LargeMessageGate();
        var observation = new CallObservation(new Dictionary<string, UnaryMethod> { [Path] = UnaryMethod.Of<LogRequest>(request => request) }, new Unwatched(), gate);
        var first = new TaskCompletionSource();
        var reached = new List<string>();

        var held = observation.InvokeAsync(Announcing(8 * 1024 * 1024), _ => Reach("first", first.Task));
        var waiting = observation.InvokeAsync(Announcing(8 * 1024 * 1024), _ => Reach("second", Task.CompletedTask));
        await observation.InvokeAsync(Announcing(1024), _ => Reach("small", Task.CompletedTask));

        Assert.Equal(["first", "small"], reached);
        Assert.False(waiting.IsCompleted);
        first.SetResult();
        await Task.WhenAll(held, waiting);
        Assert.Equal(["first", "small", "second"], reached);

        Task Reach(string name, Task until)
        {
            reached.Add(name);
            return until;
        }
    }

    private static DefaultHttpContext Announcing(int length)
    {
        var context = new DefaultHttpContext { Request = { Path = Path, Body = new MemoryStream([0, .. BitConverter.GetBytes(length).Reverse()]) } };
        CallObservation.RequestWasRead(context);
        return context;
    }

    private sealed class Unwatched : ICallObserver
    {
        public void Began(string method) { }

        public void Ended(string method) { }

        public void Violated(string method, string problem) => Assert.Fail(problem);

        public void Abandoned(string method) => Assert.Fail("abandoned");
    }
}
