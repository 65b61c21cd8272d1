using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HaCluster.Tests.Shared;

/// <summary>Waiting for what another program does: for a condition, never for a time.</summary>
internal static class Waiting
{
    /// <summary>How long anything may take on a busy machine before a test gives it up.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Ports that a test of this process has got: its server may not listen yet.</summary>
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>Tries until it is so. A server that does not answer yet is no failure.</summary>
    /// <param name="what">What is waited for, in words.</param>
    /// <param name="trouble">What there is to say when it never is so: a log.</param>
    /// <exception cref="TimeoutException">It did not become so.</exception>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds, Func<string>? trouble = null)
    {
        var last = "";
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(Pause))
        {
            try
            {
                if (await holds())
                    return;
                last = "";
            }
            catch (Exception notYet) when (notYet is HttpRequestException or IOException)
            {
                last = notYet.Message;
            }
        }

        throw new TimeoutException($"not within {Limit}: {what}\n{last}\n{trouble?.Invoke()}");
    }

    public static Task UntilAsync(string what, Func<bool> holds, Func<string>? trouble = null) => UntilAsync(what, () => Task.FromResult(holds()), trouble);

    /// <summary>
    /// A port of the loopback that is free. It is below those that a system gives to outgoing connections (Linux from 32768, others from 49152), so that none of
    /// these takes it before the server does for which it is.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_768);
            if (!Given.TryAdd(port, true))
                continue;
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another one.
            }
        }
    }
}
