using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HaCluster.Benchmarks.Ledger;

/// <summary>
/// rsyslog as it would be used instead: it takes lines over TCP and writes them to a file that it flushes after each batch. It acknowledges nothing, chains nothing and
/// recognises no repeated line; the time is that until the file has all lines.
/// </summary>
internal static class RsyslogBaseline
{
    private const int Lines = 200_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <returns>Lines per second; null when rsyslogd is not on the PATH.</returns>
    public static async Task<double?> MeasureAsync(string directory, int lineSize, int connections)
    {
        if (Programs.Find("rsyslogd") is not { } program)
            return null;
        var folder = Directory.CreateDirectory(Path.Combine(directory, "rsyslog")).FullName;
        var (port, file, configuration) = (Waiting.FreePort(), Path.Combine(folder, "records"), Path.Combine(folder, "rsyslog.conf"));
        await File.WriteAllTextAsync(configuration, $$"""
            global(workDirectory="{{folder}}" maxMessageSize="8k")
            module(load="imptcp")
            template(name="line" type="string" string="%rawmsg-after-pri%\n")
            ruleset(name="records") { action(type="omfile" file="{{file}}" template="line" sync="on") }
            input(type="imptcp" address="127.0.0.1" port="{{port}}" ruleset="records")
            """);
        await using var rsyslog = RunningProgram.Start(program, ["-n", "-f", configuration, "-i", Path.Combine(folder, "pid")]);
        var senders = new List<TcpClient>();
        for (var sender = 0; sender < connections; sender++)
            senders.Add(await ConnectAsync(rsyslog, port));
        // A first line from each makes it start its threads and the file.
        var line = Encoding.ASCII.GetBytes($"<13>{new string('x', lineSize - 5)}\n");
        foreach (var sender in senders)
            await sender.GetStream().WriteAsync(line);
        await WrittenAsync(rsyslog, file, senders.Count, lineSize);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(senders.Select(sender => Task.Run(async () =>
        {
            var chunk = Enumerable.Repeat(line, 500).SelectMany(bytes => bytes).ToArray();
            for (var sent = 0; sent < Lines / connections; sent += 500)
                await sender.GetStream().WriteAsync(chunk);
        })));
        await WrittenAsync(rsyslog, file, senders.Count + Lines, lineSize);
        foreach (var sender in senders)
            sender.Dispose();
        return Lines / clock.Elapsed.TotalSeconds;
    }

    private static async Task WrittenAsync(RunningProgram rsyslog, string file, long lines, int lineSize)
    {
        // Without the priority before each.
        var size = lines * (lineSize - "<13>".Length);
        for (var clock = Stopwatch.StartNew(); !File.Exists(file) || new FileInfo(file).Length < size; await Task.Delay(5))
        {
            if (rsyslog.HasEnded || clock.Elapsed > Limit)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"rsyslog {(rsyslog.HasEnded ? "ended" : "did not write")}: {(File.Exists(file) ? new FileInfo(file).Length : 0)} of {size} bytes"));
        }
    }

    private static async Task<TcpClient> ConnectAsync(RunningProgram rsyslog, int port)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return client;
            }
            catch (SocketException) when (!rsyslog.HasEnded && clock.Elapsed < Limit)
            {
                client.Dispose();
            }
        }
    }
}
