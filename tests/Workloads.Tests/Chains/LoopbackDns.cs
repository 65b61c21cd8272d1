using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HaCluster.Workloads.Tests.Chains;

/// <summary>How a DNS server that is in trouble answers.</summary>
public enum DnsFailure
{
    None,

    /// <summary>The process is gone: nobody listens on the port.</summary>
    Killed,

    /// <summary>It takes questions and never answers.</summary>
    Silent,

    /// <summary>It fails, as CoreDNS does when it cannot reach the API server.</summary>
    ServerFailure,

    /// <summary>It denies the name, as CoreDNS does while its cache is empty.</summary>
    NoSuchName,

    Refused,

    /// <summary>The name is there and has no address.</summary>
    Empty,
}

/// <summary>A small DNS server on the loopback for A records (RFC 1035), which can be broken and repaired.</summary>
internal sealed class LoopbackDns : IDisposable
{
    private const int HeaderLength = 12;

    private UdpClient? _socket;

    public LoopbackDns()
    {
        _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;
        _ = ServeAsync(_socket);
    }

    public int Port { get; }

    public ConcurrentDictionary<string, IPAddress> Addresses { get; } = new(StringComparer.OrdinalIgnoreCase);

    public DnsFailure Trouble { get; private set; }

    public void Fail(DnsFailure trouble)
    {
        Trouble = trouble;
        if (trouble == DnsFailure.Killed)
            Dispose();
    }

    public void Recover()
    {
        Trouble = DnsFailure.None;
        if (_socket is not null)
            return;
        _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, Port));
        _ = ServeAsync(_socket);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task ServeAsync(UdpClient socket)
    {
        try
        {
            while (true)
            {
                var question = await socket.ReceiveAsync();
                if (Answer(question.Buffer) is { } answer)
                    await socket.SendAsync(answer, question.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // Killed.
        }
    }

    private byte[]? Answer(byte[] question)
    {
        if (Trouble == DnsFailure.Silent)
            return null;

        var (name, end) = Name(question);
        end += 4;
        var isA = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end - 4)) == 1;
        var known = Addresses.TryGetValue(name, out var address);
        var code = Trouble switch
        {
            DnsFailure.ServerFailure => 2,
            DnsFailure.NoSuchName => 3,
            DnsFailure.Refused => 5,
            _ => known ? 0 : 3,
        };
        var answers = Trouble == DnsFailure.None && known && isA;
        var message = new List<byte>(question.AsSpan(0, end).ToArray())
        {
            [2] = 0x85,
            [3] = (byte)(0x80 | code),
            [6] = 0,
            [7] = (byte)(answers ? 1 : 0),
            [8] = 0,
            [9] = 0,
            [10] = 0,
            [11] = 0,
        };
        // A pointer to the name in the question; type A, class IN, five seconds to live, four bytes.
        if (answers)
            message.AddRange([0xC0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, .. address!.GetAddressBytes()]);
        return [.. message];
    }

    private static (string Name, int End) Name(byte[] question)
    {
        var labels = new List<string>();
        var at = HeaderLength;
        while (question[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
            at += question[at] + 1;
        }

        return (string.Join('.', labels), at + 1);
    }
}
