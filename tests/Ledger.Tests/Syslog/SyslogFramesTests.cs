using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using FsCheck.Xunit;
using HaCluster.Ledger.Syslog;

namespace HaCluster.Ledger.Tests.Syslog;

public sealed class SyslogFramesTests
{
    private const int Largest = 40_000;

    [Property(MaxTest = 200)]
    public void Messages_come_out_as_they_went_in_wherever_the_network_cuts_them(byte[][] messages, int[] cuts)
    {
        messages = [.. messages.Where(message => message.Length > 0), new byte[20_000], "end"u8.ToArray()];
        var bytes = messages.SelectMany(message => Encoding.ASCII.GetBytes($"{message.Length} ").Concat(message)).ToArray();
        var found = Read(new Pieces(bytes, cuts));
        Assert.Equal(messages.Select(Convert.ToHexString), found.Select(Convert.ToHexString));
    }

    [Theory]
    [InlineData("3 abc<34>1 - - - - - -\n", "not-octet-counted", 1)]
    [InlineData("0 ", "invalid-frame", 0)]
    [InlineData("05 hello", "invalid-frame", 0)]
    [InlineData("3 abcx", "invalid-frame", 1)]
    [InlineData("3x", "invalid-frame", 0)]
    [InlineData("-3 abc", "invalid-frame", 0)]
    [InlineData("40001 ", "too-large", 0)]
    [InlineData("99999999999999999999 ", "too-large", 0)]
    [InlineData("3 abc3 ab", "incomplete", 1)]
    [InlineData("3", "incomplete", 0)]
    public void Other_bytes_are_a_fault_after_the_messages_before_them(string bytes, string code, int before)
    {
        foreach (var cuts in new int[][] { [], [1], [2] })
        {
            var found = new List<byte[]>();
            var fault = Assert.Throws<SyslogException>(() => Read(new Pieces(Encoding.ASCII.GetBytes(bytes), cuts), found));
            Assert.Equal((code, before), (fault.Code, found.Count));
        }
    }

    [Fact]
    public async Task A_message_that_does_not_go_on_is_too_slow_and_none_at_all_is_not()
    {
        var (pipe, alarms) = (new Pipe(), new Alarms());
        var frames = new SyslogFrames(pipe.Reader.AsStream(), Largest, TimeSpan.FromSeconds(30), alarms);
        var reading = frames.ReadAsync(CancellationToken.None);
        Assert.Empty(alarms.Set);
        await pipe.Writer.WriteAsync("5 hel"u8.ToArray());
        await Waiting.UntilAsync("an alarm is set", () => alarms.Set.Count == 1);
        Assert.False(reading.IsCompleted);
        var (after, ring) = Assert.Single(alarms.Set);
        Assert.Equal(TimeSpan.FromSeconds(30), after);
        ring();
        Assert.Equal("too-slow", (await Assert.ThrowsAsync<SyslogException>(() => reading.WaitAsync(Waiting.Limit))).Code);
    }

    private static List<byte[]> Read(Stream stream, List<byte[]>? found = null)
    {
        found ??= [];
        var frames = new SyslogFrames(stream, Largest, Waiting.Limit);
        while (frames.ReadAsync(CancellationToken.None).GetAwaiter().GetResult() is { Count: > 0 } some)
            found.AddRange(some.Select(frame => frame.ToArray()));
        return found;
    }

    /// <summary>A time that does not pass: what is to happen later is kept.</summary>
    private sealed class Alarms : TimeProvider
    {
        public ConcurrentQueue<(TimeSpan After, Action Ring)> Set { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Set.Enqueue((dueTime, () => callback(state)));
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Gives bytes in pieces of the sizes that it is told.</summary>
    private sealed class Pieces(byte[] bytes, int[] sizes) : MemoryStream(bytes)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var size = sizes.Length == 0 ? buffer.Length : 1 + Math.Abs(sizes[_next++ % sizes.Length] % 5000);
            return base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
        }
    }
}
