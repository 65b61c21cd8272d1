using System.Net;
using System.Net.Sockets;

namespace HaCluster.Tests.Shared;

/// <summary>Addresses of the loopback beside 127.0.0.1: Linux has all of 127/8, macOS those that somebody added with <c>ifconfig lo0 alias</c>.</summary>
internal static class Loopback
{
    /// <summary>Why a test that uses several is skipped.</summary>
    public const string Needed = "needs more than one address of the loopback, which macOS does not have";

    public static bool HasMany { get; } = Has(IPAddress.Parse("127.0.0.2"));

    private static bool Has(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
